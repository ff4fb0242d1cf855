import { Command } from "@commander-js/extra-typings";
import { type CreateUsageRecordResult, assertUsageRecordInput } from "shopify-usage-billing";
import type { CommandContext } from "../command-context.js";
import { confirm } from "../confirmation.js";
import { connect, type ChargeInput } from "../connection/connection.js";
import { withConnection } from "../connection/connection-options.js";
import { findLineItem } from "../connection/line-item.js";
import { examples } from "../examples.js";
import { adviceOnRefusal } from "../failure/advice.js";
import { exitCodes, type ExitCode } from "../failure/exit-code.js";
import { bar, byPart } from "../output/bar.js";
import { moment } from "../output/moment.js";
import { partOf, percent, price } from "../output/price.js";
import { printable } from "../output/printable.js";
import type { Terminal } from "../output/terminal.js";

/** `usage-billing charge` */
export function chargeCommand({ terminal, interruption, run }: CommandContext): Command {
  return withConnection(
    new Command("charge")
      .description("Charge the merchant for usage, once for each key.")
      .requiredOption("--amount <amount>", "the price, such as 1.50")
      .requiredOption("--description <text>", "what for; the merchant sees it on the invoice")
      .option("--key <key>", "the idempotency key: an id of your own; made up if absent")
      .option("--currency <code>", "the price's currency; by default that of the cap")
      .option("--line-item <id>", "charge this subscription line item; by default the active one")
      .option("--live", "never charge a test subscription")
      .option("-y, --yes", "do not ask before a real charge; needed where nobody can be asked")
      .addHelpText(
        "after",
        examples(
          [
            'usage-billing charge --amount 1.00 --description "1000 emails" --key event-1234',
            "charge, or learn that event-1234 was charged before",
          ],
          [
            'usage-billing charge --amount 1.00 --description "1000 emails" --key event-1234 --yes --json',
            "the same in a script",
          ],
        ),
      ),
  ).action((options) =>
    run(options, async () => {
      const { signal } = interruption;
      const { amount, description, key, currency, lineItem: id, yes = false } = options;
      const isTest = options.live !== true;
      const input: Omit<ChargeInput, "price"> = {
        description,
        isTest,
        ...(key !== undefined && { idempotencyKey: key }),
        ...(id !== undefined && { subscriptionLineItemId: id }),
      };
      // What is wrong with the command line comes before any question.
      assertUsageRecordInput({ ...input, price: { amount, currencyCode: currency ?? "USD" } });
      const { billing, shop, isLocal } = await connect(options, terminal);

      const mustAsk = !yes && !isLocal;
      const lineItem =
        mustAsk || currency === undefined
          ? await findLineItem(billing, { id, isTest, shop }, signal)
          : null;
      const money = { amount, currencyCode: currency ?? lineItem?.cappedAmount.currencyCode ?? "" };
      if (mustAsk && lineItem?.test !== true) {
        await confirm(
          `Charge ${price(money)} to ${shop} for “${printable(description)}”? The merchant is billed.`,
          terminal,
        );
      }
      const result = await billing.createUsageRecord({ ...input, price: money }, { signal });
      if (options.json) await terminal.out.json(result);
      return result.ok
        ? tellCharged(result, shop, options.json === true, terminal)
        : tellRefused(result, terminal);
    }),
  );
}

type Charged = Extract<CreateUsageRecordResult, { ok: true }>;
type Refused = Extract<CreateUsageRecordResult, { ok: false }>;

async function tellCharged(
  { usageRecord, meta }: Charged,
  shop: string,
  json: boolean,
  terminal: Terminal,
): Promise<ExitCode> {
  for (const { message } of meta.warnings) await terminal.warn(printable(message));
  if (json) return exitCodes.ok;
  const { out } = terminal;
  const { colors } = out;
  const { plan } = usageRecord.subscriptionLineItem;
  const test = meta.test ? colors.yellow(" (test: never billed)") : "";
  const lines = [
    `${colors.green("Charged")} ${colors.bold(price(usageRecord.price))} to ${shop}${test}`,
    `  for      ${printable(usageRecord.description)}`,
    `  key      ${printable(meta.idempotencyKey)}`,
    `  record   ${usageRecord.id}, made at ${moment(usageRecord.createdAt)} UTC`,
  ];
  if (plan.pricingDetails.__typename === "AppUsagePricing") {
    const { balanceUsed, cappedAmount } = plan.pricingDetails;
    const part = partOf(balanceUsed, cappedAmount);
    const shown = byPart(colors, part)(`${bar(part, 20)} ${percent(part)}`);
    lines.push(`  balance  ${shown} of ${price(cappedAmount)}`);
  }
  await out.line(lines.join("\n"));
  return exitCodes.ok;
}

async function tellRefused(
  { userErrors, certainty, meta }: Refused,
  { err }: Terminal,
): Promise<ExitCode> {
  const { colors } = err;
  const [first] = userErrors;
  const lines = userErrors.map(
    ({ code, message }) => `${colors.red("Refused:")} ${printable(message)} ${colors.dim(code)}`,
  );
  lines.push(
    certainty === "unknown"
      ? colors.yellow(
          "An earlier attempt of this call may have charged: call again with the same key.",
        )
      : "Nothing was charged by this call.",
    adviceOnRefusal(first.code) ?? "",
    colors.dim(`key ${printable(meta.idempotencyKey)}, request ${meta.requestId ?? "unknown"}`),
  );
  await err.line(lines.join("\n"));
  return certainty === "unknown" ? exitCodes.unknown : exitCodes.refused;
}
