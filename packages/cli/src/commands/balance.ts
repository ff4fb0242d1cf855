import { Command } from "@commander-js/extra-typings";
import type { CommandContext } from "../command-context.js";
import { connect } from "../connection/connection.js";
import { withConnection } from "../connection/connection-options.js";
import { examples } from "../examples.js";
import { CommandFailedError } from "../failure/command-failed-error.js";
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
      .option("--live", "leave test subscriptions out, which are never billed")
      .addHelpText(
        "after",
        examples(
          ["usage-billing balance --shop example.myshopify.com", "the bar against the cap"],
          [
            "usage-billing balance --json | jq -r .balanceRemaining.amount",
            "what is left, for a script",
          ],
        ),
      ),
  ).action((options) =>
    run(options, async () => {
      const { billing, shop } = await connect(options, terminal);
      const lineItem = await billing.activeUsageLineItem(
        { isTest: options.live !== true },
        { signal: interruption.signal },
      );
      if (!lineItem) {
        throw new CommandFailedError(
          `${shop} has no active subscription with usage pricing${options.live ? " that is billed" : ""}`,
          exitCodes.refused,
          "See `usage-billing subscriptions` for those that there are.",
        );
      }
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
      const lines = [
        `${colors.bold(printable(subscription.name))} ${colors.dim(`in ${shop}`)}${badge}`,
        "",
        `  ${color(bar(part, 40))} ${color(percent(part))}`,
        "",
        `  used       ${price(balanceUsed)} of ${price(cappedAmount)}`,
        `  remaining  ${colors.bold(price(balanceRemaining))}`,
        ...(end === null
          ? []
          : [
              `  period     ends ${distance(Date.parse(end) - Date.now())} ${colors.dim(`(${moment(end)} UTC)`)}`,
            ]),
        `  terms      ${printable(lineItem.terms)}`,
      ];
      await out.line(lines.join("\n"));
      return exitCodes.ok;
    }),
  );
}
