import { Command, Option } from "@commander-js/extra-typings";
import type { UsageRecord, UsageRecordsInput } from "shopify-usage-billing";
import type { CommandContext } from "../command-context.js";
import { connect } from "../connection/connection.js";
import { countOption, timeOption, withConnection } from "../connection/connection-options.js";
import { subscriptionId } from "../connection/subscription-id.js";
import { examples } from "../examples.js";
import { exitCodes } from "../failure/exit-code.js";
import { Sums } from "../charges/sums.js";
import { moment } from "../output/moment.js";
import type { Colors } from "../output/output.js";
import { price } from "../output/price.js";
import { Status } from "../output/status.js";
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
      leftOut: 2,
    },
    {
      title: "RECORD",
      text: ({ id }) => id.split("/").at(-1) ?? id,
      style: colors.dim,
      leftOut: 1,
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

/** `usage-billing list` */
export function listCommand({ terminal, interruption, run }: CommandContext): Command {
  return withConnection(
    new Command("list")
      .description("List usage records, oldest first.")
      .option("--newest", "newest first")
      .option("--limit <number>", "stop after this many", countOption)
      .option("--since <time>", "only those made at or after this time (UTC)", timeOption)
      .option("--until <time>", "only those made before this time (UTC)", timeOption)
      .addOption(
        new Option(
          "--subscription <id>",
          "of a subscription, active or past (default: the active one)",
        ).conflicts("lineItem"),
      )
      .option("--line-item <id>", "of a subscription line item")
      .option("--live", "ignore test subscriptions, which are never billed")
      .option("--page-size <number>", "records per request, at most 250", countOption)
      .addOption(new Option("--csv", "write CSV to standard output").conflicts("json"))
      .addHelpText(
        "after",
        examples(
          ["the latest charges", "list --newest --limit 20"],
          [
            "a month, for a spreadsheet",
            "list --since 2026-01-01 --until 2026-02-01 --csv > january.csv",
          ],
          ["the keys that were charged", "list --json | jq -r .idempotencyKey"],
        ),
      ),
  ).action((options) =>
    run(options, async () => {
      const { newest = false, limit = Infinity, since = -Infinity, until = Infinity } = options;
      const { signal } = interruption;
      const { billing } = await connect(options, terminal, signal);
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
      const status = new Status(err, () => `${sums.count} usage records`, !out.isTerminal);
      try {
        if (limit > 0) {
          for await (const record of billing.usageRecords(input, { signal })) {
            const time = Date.parse(record.createdAt);
            // No later record can be within the period.
            if (newest ? time < since : time >= until) break;
            if (time < since || time >= until) continue;
            sums.add(record.price);
            await writer.add(record);
            if (sums.count >= limit) break;
          }
        }
      } finally {
        status.stop();
        await writer.end(); // Also after Ctrl-C or a failure: shows what was read.
      }
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
