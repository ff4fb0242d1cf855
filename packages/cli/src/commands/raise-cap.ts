import { Command } from "@commander-js/extra-typings";
import type { CommandContext } from "../command-context.js";
import { connect } from "../connection/connection.js";
import { withConnection } from "../connection/connection-options.js";
import { findLineItem } from "../connection/line-item.js";
import { examples } from "../examples.js";
import { exitCodes } from "../failure/exit-code.js";
import { price } from "../output/price.js";
import { printable } from "../output/printable.js";

/** `usage-billing raise-cap` */
export function raiseCapCommand({ terminal, interruption, run }: CommandContext): Command {
  return withConnection(
    new Command("raise-cap")
      .description("Ask the merchant for a higher capped amount: gives the page to send them to.")
      .requiredOption("--amount <amount>", "the new cap, such as 200.00; it can only be higher")
      .option("--currency <code>", "its currency; by default that of the present cap")
      .option("--line-item <id>", "of this subscription line item; by default the active one")
      .option("--live", "leave test subscriptions out, which are never billed")
      .addHelpText(
        "after",
        examples(
          ["usage-billing raise-cap --amount 200", "ask for 200 in the subscription's currency"],
          [
            "usage-billing raise-cap --amount 200 --json | jq -r .confirmationUrl",
            "the page alone, for a mail to the merchant",
          ],
        ),
      ),
  ).action((options) =>
    run(options, async () => {
      const { signal } = interruption;
      const { billing, shop } = await connect(options, terminal);
      const isTest = options.live !== true;
      const { amount, currency, lineItem: id } = options;
      const lineItem = await findLineItem(billing, { id, isTest, shop }, signal);
      const cappedAmount = {
        amount,
        currencyCode: currency ?? lineItem.cappedAmount.currencyCode,
      };
      const result = await billing.updateCappedAmount(
        { cappedAmount, subscriptionLineItemId: lineItem.id },
        { signal },
      );
      const { out, err } = terminal;
      if (!result.ok) {
        const { userErrors, certainty } = result;
        if (options.json) await out.json({ ok: false, userErrors, certainty });
        for (const { message } of userErrors) {
          await err.line(`${err.colors.red("Refused:")} ${printable(message)}`);
        }
        await err.line(`The cap is ${price(lineItem.cappedAmount)}.`);
        return certainty === "unknown" ? exitCodes.unknown : exitCodes.refused;
      }
      const { confirmationUrl, appSubscription } = result.payload;
      if (options.json) {
        await out.json({ ok: true, confirmationUrl, appSubscription });
        return exitCodes.ok;
      }
      await err.line(
        `The cap stays at ${price(lineItem.cappedAmount)} until the merchant agrees to ${price(cappedAmount)} here:`,
      );
      await out.line(printable(confirmationUrl ?? "(Shopify gave no page to confirm it at)"));
      return exitCodes.ok;
    }),
  );
}
