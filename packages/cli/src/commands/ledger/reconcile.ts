import { Command } from "@commander-js/extra-typings";
import type { Difference } from "shopify-usage-ledger";
import type { CommandContext } from "../../command-context.js";
import { connect } from "../../connection/connection.js";
import { timeOption, withConnection } from "../../connection/connection-options.js";
import { examples } from "../../examples.js";
import { exitCodes } from "../../failure/exit-code.js";
import type { Colors } from "../../output/output.js";
import { price } from "../../output/price.js";
import { rowWriter } from "../../output/row-writer.js";
import type { Column } from "../../output/table.js";
import { onDatabase, withDatabase } from "./database.js";
import { openLedger } from "./open-ledger.js";

const DAY = 24 * 60 * 60 * 1000;

/** What a difference means, in words. */
function meaning(difference: Difference): string {
  if (difference.type === "missing") return "charged here, unknown at Shopify";
  if (difference.type === "foreign") return "at Shopify, not of this ledger";
  return {
    price: "the prices differ",
    twice: "a second record under one key",
    replaced: "a replaced charge was made after all",
    waived: "a waived charge was made after all",
  }[difference.reason];
}

function columns(colors: Colors): readonly Column<Difference>[] {
  return [
    { title: "DIFFERENCE", text: meaning, style: colors.yellow },
    {
      title: "HERE",
      text: (difference) => (difference.type === "foreign" ? "–" : price(difference.charge)),
      align: "right",
    },
    {
      title: "AT SHOPIFY",
      text: (difference) => (difference.type === "missing" ? "–" : price(difference.record.price)),
      align: "right",
    },
    {
      title: "KEY",
      text: (difference) =>
        difference.type === "foreign"
          ? (difference.record.idempotencyKey ?? "–")
          : difference.charge.key,
      flexible: true,
      leftOut: 2,
    },
    {
      title: "RECORD",
      text: (difference) =>
        (difference.type === "missing" ? null : difference.record.id.split("/").at(-1)) ?? "–",
      leftOut: 1,
    },
  ];
}

/** `usage-billing ledger reconcile` */
export function reconcileCommand({ terminal, interruption, run }: CommandContext): Command {
  return withConnection(
    withDatabase(
      new Command("reconcile")
        .description("Compare the ledger with the shop's usage records. Charges nothing.")
        .option(
          "--since <time>",
          "only what was charged at or after a day or moment (UTC; default: 30 days ago)",
          timeOption,
        )
        .addHelpText(
          "after",
          examples(
            ["the last 30 days", "ledger reconcile --shop example.myshopify.com"],
            [
              "each difference, for a script",
              "ledger reconcile --since 2026-01-01 --json | jq -r .type",
            ],
          ),
        ),
    ),
  ).action((options) =>
    run(options, async () => {
      const { signal } = interruption;
      const { out, err } = terminal;
      const { billing, shop, now } = await connect(options, terminal, signal);
      let found = 0;
      await onDatabase(options, terminal, "nothing", async (database) => {
        const ledger = await openLedger({ database, billingFor: () => billing });
        const writer = rowWriter(out, options.json ? "json" : "table", columns(out.colors), []);
        const since = new Date(options.since ?? now() - 30 * DAY);
        try {
          for await (const difference of ledger.reconcile(shop, { since, signal })) {
            found += 1;
            await writer.add(difference);
          }
        } finally {
          await writer.end();
        }
      });
      if (!options.json) {
        await err.line(
          found === 0 ? "No difference" : `${found} difference${found === 1 ? "" : "s"}`,
        );
      }
      return found === 0 ? exitCodes.ok : exitCodes.differs;
    }),
  );
}
