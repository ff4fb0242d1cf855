import { Command } from "@commander-js/extra-typings";
import { type CreateUsageRecordResult, assertUsageRecordInput } from "shopify-usage-billing";
import type { CommandContext } from "../command-context.js";
import { COMMAND } from "../command-name.js";
import { connect } from "../connection/connection.js";
import { withConnection } from "../connection/connection-options.js";
import { findLineItem } from "../connection/line-item.js";
import { examples } from "../examples.js";
import { adviceOnRefusal } from "../failure/advice.js";
import { CommandFailedError } from "../failure/command-failed-error.js";
import { required } from "../failure/command-line-error.js";
import { exitCodeOf, exitCodes, type ExitCode } from "../failure/exit-code.js";
import { bar, byPart } from "../output/bar.js";
import { moment } from "../output/moment.js";
import { OutputFailedError } from "../output/output.js";
import { partOf, percent, price } from "../output/price.js";
import { printable } from "../output/printable.js";
import { shellWord } from "../output/shell-word.js";
import type { Terminal } from "../output/terminal.js";
import { confirm } from "../prompt/confirmation.js";

/** `usage-billing charge` */
export function chargeCommand({ terminal, interruption, run }: CommandContext): Command {
  return withConnection(
    new Command("charge")
      .description("Charge the merchant for usage, once per key.")
      .option("--amount <amount>", "the price, such as 1.50 (required)")
      .option("--description <text>", "what the charge is for, shown on the invoice (required)")
      .option("--key <key>", "the idempotency key: your own id of the charge (default: a new one)")
      .option("--currency <code>", "the price's currency (default: that of the cap)")
      .option("--line-item <id>", "the subscription line item to charge (default: the active one)")
      .option("--live", "never charge a test subscription")
      .option("-y, --yes", "charge for real without asking; required without a terminal")
      .addHelpText(
        "after",
        examples(
          [
            "charge, or find out that event-1234 was charged before",
            'charge --amount 1.00 --description "1000 emails" --key event-1234',
          ],
          [
            "the same in a script",
            'charge --amount 1.00 --description "1000 emails" --key event-1234 --yes --json',
          ],
        ),
      ),
  ).action((options) =>
    run(options, async () => {
      const { signal } = interruption;
      const { key, currency, lineItem: id, yes = false } = options;
      const amount = required(options.amount, "--amount");
      const description = required(options.description, "--description");
      const isTest = options.live !== true;
      const input = {
        description,
        isTest,
        ...(key !== undefined && { idempotencyKey: key }),
        ...(id !== undefined && { subscriptionLineItemId: id }),
      };
      // An invalid command line is refused before asking anything.
      assertUsageRecordInput({ ...input, price: { amount, currencyCode: currency ?? "USD" } });
      const { billing, shop, isLocal } = await connect(options, terminal, signal);

      const mustAsk = !yes && !isLocal;
      const lineItem =
        mustAsk || currency === undefined
          ? await findLineItem(billing, { id, isTest, shop }, signal)
          : null;
      const money = { amount, currencyCode: currency ?? lineItem?.cappedAmount.currencyCode ?? "" };
      if (mustAsk && lineItem?.test !== true) {
        await confirm(
          `Charge ${price(money)} to ${printable(shop)} for “${printable(description)}”? The merchant will be billed.`,
          terminal,
          signal,
        );
      }
      const result = await interruption.whileCharging(() =>
        billing.createUsageRecord({ ...input, price: money }, { signal }),
      );
      return result.ok
        ? await reportCharged(result, shop, options.json === true, terminal)
        : await reportRefused(result, options.json === true, terminal);
    }),
  );
}

type Charged = Extract<CreateUsageRecordResult, { ok: true }>;
type Refused = Extract<CreateUsageRecordResult, { ok: false }>;

async function reportCharged(
  result: Charged,
  shop: string,
  json: boolean,
  terminal: Terminal,
): Promise<ExitCode> {
  const { usageRecord, meta } = result;
  for (const { message } of meta.warnings) await terminal.warn(message);
  const differs = meta.warnings.some(({ source }) => source === "usageRecord");
  try {
    await (json ? terminal.out.json(result) : terminal.out.line(summary(result, shop, terminal)));
  } catch (error) {
    // If the reader has gone, the exit code still reports the outcome of the charge.
    if (!(error instanceof OutputFailedError)) return differs ? exitCodes.differs : exitCodes.ok;
    throw new CommandFailedError(
      `The merchant was charged (${usageRecord.id}), but the result could not be written. ${error.message}`,
      exitCodes.unknown,
      `Run it again with --key ${shellWord(meta.idempotencyKey)} to get the result: it does not charge again.`,
    );
  }
  if (!differs) return exitCodes.ok;
  await terminal.err.line(
    `The record differs from the request: compare them with \`${COMMAND} list --newest\` before you charge again.`,
  );
  return exitCodes.differs;
}

function summary({ usageRecord, meta }: Charged, shop: string, { out }: Terminal): string {
  const { colors } = out;
  const { plan } = usageRecord.subscriptionLineItem;
  const test = meta.test ? colors.yellow(" (test: never billed)") : "";
  const lines = [
    `${colors.green("Charged")} ${colors.bold(price(usageRecord.price))} to ${printable(shop)}${test}`,
    `  for      ${printable(usageRecord.description)}`,
    `  key      ${printable(meta.idempotencyKey)}`,
    `  record   ${printable(usageRecord.id)}, made at ${printable(moment(usageRecord.createdAt))} UTC`,
  ];
  if (plan.pricingDetails.__typename === "AppUsagePricing") {
    const { balanceUsed, cappedAmount } = plan.pricingDetails;
    const part = partOf(balanceUsed, cappedAmount);
    const shown = byPart(colors, part)(`${bar(part, 20)} ${percent(part)}`);
    lines.push(`  balance  ${shown} of ${price(cappedAmount)}`);
  }
  return lines.join("\n");
}

async function reportRefused(
  result: Refused,
  json: boolean,
  { out, err }: Terminal,
): Promise<ExitCode> {
  const { userErrors, certainty, meta } = result;
  const { colors } = err;
  const code = exitCodeOf(result);
  const lines = userErrors.map(
    ({ code, message }) => `${colors.red("Refused:")} ${printable(message)} ${colors.dim(code)}`,
  );
  const key = shellWord(meta.idempotencyKey);
  const instruction =
    code === exitCodes.unknown
      ? `Run it again with --key ${key} in a minute: it charges only if nothing was charged yet.`
      : code === exitCodes.unsettled
        ? `Look for the charge with \`${COMMAND} list --newest\` before you charge again.`
        : adviceOnRefusal(userErrors[0].code);
  lines.push(
    [
      certainty === "unknown"
        ? colors.yellow("The merchant may have been charged by an earlier attempt of this call.")
        : "Nothing was charged by this call.",
      instruction,
    ]
      .filter((text) => text !== null)
      .join(" "),
    colors.dim(
      `key ${printable(meta.idempotencyKey)}, request ${printable(meta.requestId ?? "unknown")}`,
    ),
  );
  await err.line(lines.join("\n"));
  if (json) await out.json(result);
  return code;
}
