import { Command } from "@commander-js/extra-typings";
import type { CommandContext } from "../command-context.js";
import { connect } from "../connection/connection.js";
import { withConnection } from "../connection/connection-options.js";
import { noUsageLineItem } from "../connection/line-item.js";
import { examples } from "../examples.js";
import { exitCodes } from "../failure/exit-code.js";
import { bar, byPart } from "../output/bar.js";
import { distance, moment } from "../output/moment.js";
import { partOf, percent, price } from "../output/price.js";
import { printable } from "../output/printable.js";

/** `usage-billing balance` */
export function balanceCommand({ terminal, interruption, run }: CommandContext): Command {
  return withConnection(
    new Command("balance")
      .description("Show how much of the capped amount is used in this billing period.")
      .option("--live", "ignore test subscriptions, which are never billed")
      .addHelpText(
        "after",
        examples(
          ["the balance, with a bar", "balance --shop example.myshopify.com"],
          ["what is left, for a script", "balance --json | jq -r .balanceRemaining.amount"],
        ),
      ),
  ).action((options) =>
    run(options, async () => {
      const { signal } = interruption;
      const { billing, shop, now } = await connect(options, terminal, signal);
      const isTest = options.live !== true;
      const lineItem = await billing.activeUsageLineItem({ isTest }, { signal });
      if (!lineItem) throw noUsageLineItem({ id: undefined, isTest, shop });
      const { out } = terminal;
      if (options.json) {
        await out.json({ shop, ...lineItem });
        return exitCodes.ok;
      }
      const { subscription, test, balanceUsed, cappedAmount, balanceRemaining } = lineItem;
      const { colors } = out;
      const part = partOf(balanceUsed, cappedAmount);
      const color = byPart(colors, part);
      const badge = test ? colors.yellow(" test: never billed") : "";
      const end = lineItem.currentPeriodEnd;
      const width = Math.max(10, Math.min(40, (out.columns ?? 80) - 12));
      const lines = [
        `${colors.bold(printable(subscription.name))} ${colors.dim(`in ${printable(shop)}`)}${badge}`,
        "",
        `  ${color(bar(part, width))} ${color(percent(part))}`,
        "",
        `  used       ${price(balanceUsed)} of ${price(cappedAmount)}`,
        `  remaining  ${colors.bold(price(balanceRemaining))}`,
        ...(end === null
          ? []
          : [
              `  period     ends ${distance(Date.parse(end) - now())} ${colors.dim(`(${printable(moment(end))} UTC)`)}`,
            ]),
        `  terms      ${printable(lineItem.terms)}`,
      ];
      await out.line(lines.join("\n"));
      return exitCodes.ok;
    }),
  );
}
