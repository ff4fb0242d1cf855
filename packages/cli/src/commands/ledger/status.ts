import { Command } from "@commander-js/extra-typings";
import type { CommandContext } from "../../command-context.js";
import { findShop } from "../../connection/connection.js";
import { Settings } from "../../connection/settings.js";
import { examples } from "../../examples.js";
import { exitCodes } from "../../failure/exit-code.js";
import { moment } from "../../output/moment.js";
import type { Colors } from "../../output/output.js";
import { price } from "../../output/price.js";
import { rowWriter } from "../../output/row-writer.js";
import type { Column } from "../../output/table.js";
import { onDatabase, withDatabaseOnly } from "./database.js";

/** What the ledger knows of a shop, in one currency. Amounts are decimal strings. */
interface ShopStatus {
  readonly shop: string;
  readonly state: string;
  readonly reason: string | null;
  readonly currencyCode: string | null;
  readonly open: string;
  readonly waiting: string;
  readonly charged: string;
  readonly parked: string;
  readonly held: string;
  readonly nextLook: string | null;
}

const iso = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

const STATUS = `with amounts as (
  select shop, currency, price as open, 0 as waiting, 0 as charged, 0 as parked, 0 as held
  from usage_ledger.uses where charge is null
  union all
  select shop, currency, carried, 0, 0, 0, 0 from usage_ledger.accounts
  union all
  select shop, currency, 0,
    case when state in ('sealed', 'sent') then amount else 0 end,
    case when state = 'charged' then amount else 0 end,
    case when state = 'parked' and reason is distinct from 'held' then amount else 0 end,
    case when state = 'refused' or (state = 'parked' and reason = 'held') then amount else 0 end
  from usage_ledger.charges
), sums as (
  select shop, currency, sum(open) as open, sum(waiting) as waiting, sum(charged) as charged,
    sum(parked) as parked, sum(held) as held
  from amounts group by shop, currency
)
select shop, coalesce(s.state, 'ready') as state, s.reason, a.currency as "currencyCode",
  coalesce(open, 0)::text as open, coalesce(waiting, 0)::text as waiting,
  coalesce(charged, 0)::text as charged, coalesce(parked, 0)::text as parked,
  coalesce(held, 0)::text as held, ${iso("s.look_at")} as "nextLook"
from sums a full join usage_ledger.shops s using (shop)
where $1::text is null or shop = $1::text
order by shop, a.currency`;

function columns(colors: Colors): readonly Column<ShopStatus>[] {
  const amount = (
    title: string,
    of: (row: ShopStatus) => string,
    leftOut?: number,
  ): Column<ShopStatus> => ({
    title,
    align: "right",
    text: (row) =>
      row.currencyCode === null || Number(of(row)) === 0
        ? "–"
        : price({ amount: of(row), currencyCode: row.currencyCode }),
    ...(leftOut !== undefined && { leftOut }),
  });
  return [
    { title: "SHOP", text: ({ shop }) => shop, flexible: true },
    {
      title: "STATE",
      text: ({ state }) => state,
      style: (text, { state }) => (state === "ready" ? colors.green : colors.yellow)(text),
    },
    amount("OPEN", ({ open }) => open),
    amount("WAITING", ({ waiting }) => waiting),
    amount("CHARGED", ({ charged }) => charged),
    amount("PARKED", ({ parked }) => parked),
    amount("HELD", ({ held }) => held),
    {
      title: "NEXT LOOK (UTC)",
      text: ({ nextLook }) => (nextLook === null ? "–" : moment(nextLook)),
      leftOut: 1,
    },
    { title: "REASON", text: ({ reason }) => reason ?? "", flexible: true, leftOut: 2 },
  ];
}

/** `usage-billing ledger status` */
export function statusCommand({ terminal, run }: CommandContext): Command {
  return withDatabaseOnly(
    new Command("status")
      .description("Show what shops have used, and what stands in the way of charging it.")
      .option("--all", "all shops of the ledger")
      .option("--shop <domain>", "one shop, such as example.myshopify.com [USAGE_BILLING_SHOP]")
      .addHelpText(
        "after",
        examples(
          ["one shop", "ledger status --shop example.myshopify.com"],
          [
            "the shops that cannot be charged",
            "ledger status --all --json | jq 'select(.state != \"ready\")'",
          ],
        ),
      ),
  ).action((options) =>
    run(options, async () => {
      const settings = await Settings.read(terminal.environment, options.dotenv);
      const shop = options.all ? null : findShop(settings, options.shop).toLowerCase();
      const { out, err } = terminal;
      const rows = await onDatabase(options, terminal, "nothing", async (database) => {
        const result = await database.query(STATUS, [shop]);
        return ("rows" in result ? result.rows : result) as readonly ShopStatus[]; // of STATUS
      });
      const writer = rowWriter(out, options.json ? "json" : "table", columns(out.colors), []);
      for (const row of rows) await writer.add(row);
      await writer.end();
      if (rows.length === 0) {
        await err.line(
          shop === null ? "Nothing has been recorded yet." : `Nothing is recorded of ${shop}.`,
        );
      }
      return exitCodes.ok;
    }),
  );
}
