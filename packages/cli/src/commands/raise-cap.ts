import { Command } from "@commander-js/extra-typings";
import type { CommandContext } from "../command-context.js";
import { connect } from "../connection/connection.js";
import { withConnection } from "../connection/connection-options.js";
import { findLineItem } from "../connection/line-item.js";
import { examples } from "../examples.js";
import { required } from "../failure/command-line-error.js";
import { exitCodeOf, exitCodes } from "../failure/exit-code.js";
import { price } from "../output/price.js";
import { printable } from "../output/printable.js";

/** `usage-billing raise-cap` */
export function raiseCapCommand({ terminal, interruption, run }: CommandContext): Command {
  return withConnection(
    new Command("raise-cap")
      .description("Ask the merchant for a higher cap: prints the URL where they can accept it.")
      .option("--amount <amount>", "the new cap, such as 200.00; it can only be higher (required)")
      .option("--currency <code>", "the currency (default: that of the current cap)")
      .option("--line-item <id>", "the subscription line item (default: the active one)")
      .option("--live", "ignore test subscriptions, which are never billed")
      .addHelpText(
        "after",
        examples(
          ["ask for 200 in the subscription's currency", "raise-cap --amount 200"],
          [
            "only the URL, for an email to the merchant",
            "raise-cap --amount 200 --json | jq -r .confirmationUrl",
          ],
        ),
      ),
  ).action((options) =>
    run(options, async () => {
      const { signal } = interruption;
      const amount = required(options.amount, "--amount");
      const { billing, shop } = await connect(options, terminal, signal);
      const isTest = options.live !== true;
      const { currency, lineItem: id } = options;
      const lineItem = await findLineItem(billing, { id, isTest, shop }, signal);
      const cappedAmount = {
        amount,
        currencyCode: currency ?? lineItem.cappedAmount.currencyCode,
      };
      const result = await interruption.whileCharging(() =>
        billing.updateCappedAmount(
          { cappedAmount, subscriptionLineItemId: lineItem.id },
          { signal },
        ),
      );
      const { out, err } = terminal;
      if (!result.ok) {
        const { userErrors, certainty, retryable } = result;
        if (options.json) await out.json({ ok: false, userErrors, certainty, retryable });
        for (const { message } of userErrors) {
          await err.line(`${err.colors.red("Refused:")} ${printable(message)}`);
        }
        await err.line(`The cap is ${price(lineItem.cappedAmount)}.`);
        return exitCodeOf(result);
      }
      const { confirmationUrl, appSubscription } = result.payload;
      if (options.json) {
        await out.json({ ok: true, confirmationUrl, appSubscription });
        return exitCodes.ok;
      }
      await err.line(
        `The cap stays at ${price(lineItem.cappedAmount)} until the merchant accepts ${price(cappedAmount)} here:`,
      );
      await out.line(printable(confirmationUrl ?? "(Shopify returned no URL)"));
      return exitCodes.ok;
    }),
  );
}
