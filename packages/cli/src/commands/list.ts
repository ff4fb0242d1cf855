import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import type { UsageRecord, UsageRecordsInput } from "shopify-usage-billing";
import type { CommandContext } from "../command-context.js";
import { connect } from "../connection/connection.js";
import { countOption, withConnection } from "../connection/connection-options.js";
import { subscriptionId } from "../connection/subscription-id.js";
import { examples } from "../examples.js";
import { exitCodes } from "../failure/exit-code.js";
import { Sums } from "../charges/sums.js";
import { moment } from "../output/moment.js";
import type { Colors } from "../output/output.js";
import { price } from "../output/price.js";
import { rowFormat, rowWriter, type CsvColumn } from "../output/row-writer.js";
import type { Column } from "../output/table.js";

function columns(colors: Colors): readonly Column<UsageRecord>[] {
  return [
    { title: "CREATED (UTC)", text: ({ createdAt }) => moment(createdAt) },
    { title: "PRICE", text: (record) => price(record.price), align: "right" },
    { title: "DESCRIPTION", text: ({ description }) => description, flexible: true },
    {
      title: "KEY",
      text: ({ idempotencyKey }) => idempotencyKey ?? "–",
      flexible: true,
      optional: true,
    },
    {
      title: "RECORD",
      text: ({ id }) => id.split("/").at(-1) ?? id,
      style: colors.dim,
      optional: true,
    },
  ];
}

const CSV: readonly CsvColumn<UsageRecord>[] = [
  ["id", ({ id }) => id],
  ["createdAt", ({ createdAt }) => createdAt],
  ["amount", ({ price }) => price.amount],
  ["currencyCode", ({ price }) => price.currencyCode],
  ["description", ({ description }) => description],
  ["idempotencyKey", ({ idempotencyKey }) => idempotencyKey],
  ["subscriptionLineItemId", ({ subscriptionLineItem }) => subscriptionLineItem.id],
];

/** A day, or a moment, as milliseconds since 1970. */
function timeOption(text: string): number {
  const time = Date.parse(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(time)) {
    throw new InvalidArgumentError("Give a day such as 2026-01-31, or 2026-01-31T12:00:00Z.");
  }
  return time;
}

/** `usage-billing list` */
export function listCommand({ terminal, interruption, run }: CommandContext): Command {
  return withConnection(
    new Command("list")
      .description("List usage records, oldest first.")
      .option("--newest", "newest first")
      .option("--limit <number>", "stop after so many", countOption)
      .option("--since <time>", "only those made at or after this day or moment (UTC)", timeOption)
      .option("--until <time>", "only those made before this day or moment (UTC)", timeOption)
      .addOption(
        new Option(
          "--subscription <id>",
          "of this subscription, active or past; by default the active one",
        ).conflicts("lineItem"),
      )
      .option("--line-item <id>", "of this subscription line item")
      .option("--live", "leave test subscriptions out, which are never billed")
      .option("--page-size <number>", "records per request, 250 at most", countOption)
      .addOption(new Option("--csv", "write CSV to standard output").conflicts("json"))
      .addHelpText(
        "after",
        examples(
          ["usage-billing list --newest --limit 20", "the latest charges"],
          [
            "usage-billing list --since 2026-01-01 --until 2026-02-01 --csv > january.csv",
            "a month",
          ],
          ["usage-billing list --json | jq -r .idempotencyKey", "the keys that were charged"],
        ),
      ),
  ).action((options) =>
    run(options, async () => {
      const { newest = false, limit = Infinity, since = -Infinity, until = Infinity } = options;
      const { billing } = await connect(options, terminal);
      const input: UsageRecordsInput = {
        reverse: newest,
        ...(options.pageSize !== undefined && { pageSize: options.pageSize }),
        ...(options.subscription !== undefined && {
          subscriptionId: subscriptionId(options.subscription),
        }),
        ...(options.lineItem !== undefined && { subscriptionLineItemId: options.lineItem }),
        isTest: options.live !== true,
      };
      const format = rowFormat(options);
      const { out, err } = terminal;
      const writer = rowWriter(out, format, columns(out.colors), CSV);
      const sums = new Sums();
      if (limit > 0) {
        for await (const record of billing.usageRecords(input, { signal: interruption.signal })) {
          const time = Date.parse(record.createdAt);
          // Beyond the far end, no record can follow that is asked for.
          if (newest ? time < since : time >= until) break;
          if (time < since || time >= until) continue;
          sums.add(record.price);
          await writer.add(record);
          if (sums.count >= limit) break;
        }
      }
      await writer.end();
      if (format === "table") {
        const total = sums.count === 0 ? "" : `, ${sums.text()}`;
        await err.line(
          err.colors.dim(`${sums.count} usage record${sums.count === 1 ? "" : "s"}${total}`),
        );
      }
      return exitCodes.ok;
    }),
  );
}
