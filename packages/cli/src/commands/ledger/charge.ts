import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { Big } from "big.js";
import type { Balance, ChargeReport, LedgerEvent, RollUp } from "shopify-usage-ledger";
import type { CommandContext } from "../../command-context.js";
import { COMMAND } from "../../command-name.js";
import { connect } from "../../connection/connection.js";
import { withConnection } from "../../connection/connection-options.js";
import { examples } from "../../examples.js";
import { CommandFailedError } from "../../failure/command-failed-error.js";
import { exitCodes, type ExitCode } from "../../failure/exit-code.js";
import { moment } from "../../output/moment.js";
import type { Colors } from "../../output/output.js";
import { price } from "../../output/price.js";
import { printable } from "../../output/printable.js";
import { confirm } from "../../prompt/confirmation.js";
import { onDatabase, withDatabase } from "./database.js";
import { openLedger } from "./open-ledger.js";

/** Reads `day`, `hour`, `each`, or an amount such as `5.00`. */
function rollUpOption(text: string): RollUp {
  if (text === "each") return text;
  if (text === "day" || text === "hour") return { every: text };
  if (/^\d+(?:\.\d+)?$/.test(text)) return { atLeast: text };
  throw new InvalidArgumentError("Expected day, hour, each, or an amount such as 5.00.");
}

type ChargeEvent = Extract<LedgerEvent, { type: "charged" | "parked" | "refused" | "unknown" }>;

function isChargeEvent(event: LedgerEvent): event is ChargeEvent {
  return ["charged", "parked", "refused", "unknown"].includes(event.type);
}

/** `usage-billing ledger charge` */
export function ledgerChargeCommand({ terminal, interruption, run }: CommandContext): Command {
  return withConnection(
    withDatabase(
      new Command("charge")
        .description("Charge a shop for the uses that are due, each once. Safe to repeat.")
        .option("--close", "charge all that is open now, even if its hour or day is not over")
        .option(
          "--roll-up <rule>",
          "as in your app: day, hour, each, or an amount such as 5.00 (default: day)",
          rollUpOption,
        )
        .addOption(
          new Option(
            "--on-cap <rule>",
            "as in your app: charge what fits and park the rest, or park all (default: split)",
          ).choices(["split", "park"] as const),
        )
        .option("--test", "charge a test subscription, too; its charges are never billed")
        .option("-y, --yes", "charge for real without asking; required without a terminal")
        .addHelpText(
          "after",
          examples(
            ["what is due", "ledger charge --shop example.myshopify.com --yes"],
            ["everything, before the plan changes", "ledger charge --close --yes"],
          ),
        ),
    ),
  ).action((options) =>
    run(options, async () => {
      const { signal } = interruption;
      const { out, err } = terminal;
      const { billing, shop, isLocal } = await connect(options, terminal, signal);
      const events: ChargeEvent[] = [];
      return await onDatabase(options, terminal, "charges", async (database) => {
        const ledger = await openLedger({
          database,
          billingFor: () => billing,
          ...(options.rollUp !== undefined && { rollUp: options.rollUp }),
          ...(options.onCap !== undefined && { onCap: options.onCap }),
          isTest: options.test === true,
          onEvent: (event) => void (isChargeEvent(event) && events.push(event)),
        });
        // `close` needs to know the plan's currency, and the question the sum.
        const before = await ledger.balance(shop, { maxAge: 0, signal });
        const most = Big(before.open).plus(before.sealed).plus(before.parked);
        if (options.yes !== true && !isLocal && before.currencyCode !== null && most.gt(0)) {
          const money = { amount: most.toFixed(), currencyCode: before.currencyCode };
          await confirm(
            `Charge up to ${price(money)} to ${printable(shop)}? The merchant will be billed.`,
            terminal,
            signal,
          );
        }
        if (options.close) await ledger.close(shop);
        const report = await interruption.whileCharging(async () => {
          try {
            return await ledger.charge(shop, { signal });
          } catch (error) {
            if (error !== signal.reason) throw error;
            throw new CommandFailedError(
              "Stopped. What was sent is settled, and the rest stays in the ledger",
              interruption.exitCode ?? exitCodes.interrupted,
              "Run it again to go on.",
            );
          }
        });
        const after = await ledger.balance(shop);
        if (options.json)
          await out.json({ ok: exitCodeOfReport(report) === 0, ...report, balance: after });
        else await out.line(summary(report, after, events, out.colors));
        const advice = adviceOn(report);
        if (advice !== null) await err.line(advice);
        return exitCodeOfReport(report);
      });
    }),
  );
}

/** The worst of what the run left behind. */
function exitCodeOfReport({ state, unknown, refused }: ChargeReport): ExitCode {
  if (unknown > 0) return exitCodes.unknown;
  if (state === "busy") return exitCodes.later;
  return state !== "ready" || refused > 0 ? exitCodes.refused : exitCodes.ok;
}

function summary(
  report: ChargeReport,
  balance: Balance,
  events: readonly ChargeEvent[],
  colors: Colors,
): string {
  const { shop, state, lookAt } = report;
  const title =
    report.charged > 0
      ? colors.green(`Charged ${counted(report.charged, "charge")}`)
      : "Charged nothing";
  const lines = [`${title} in ${printable(shop)}`];
  const styles = {
    charged: colors.green,
    parked: colors.yellow,
    refused: colors.red,
    unknown: colors.red,
  };
  for (const event of events) {
    const why =
      event.type === "refused"
        ? `: ${event.message}`
        : event.type === "parked"
          ? `: ${event.reason}`
          : "";
    lines.push(
      `  ${styles[event.type](event.type.padEnd(9))} ${price(event)} ${printable(event.meter)} ${colors.dim(printable(event.key))}${printable(why)}`,
    );
  }
  const { currencyCode } = balance;
  if (currencyCode !== null) {
    for (const [name, amount] of [
      ["open", balance.open],
      ["waiting", balance.sealed],
      ["parked", balance.parked],
      ["held", balance.held],
    ] as const) {
      if (Number(amount) !== 0)
        lines.push(`  ${name.padEnd(9)} ${price({ amount, currencyCode })} in all`);
    }
  }
  if (state !== "ready") {
    const reason = state === "busy" ? "another worker is charging the shop" : balance.reason;
    lines.push(
      `  state     ${colors.yellow(state)}${reason === null ? "" : `: ${printable(reason)}`}`,
    );
  }
  if (lookAt !== null) lines.push(`  next look ${moment(lookAt.toISOString())} UTC`);
  return lines.join("\n");
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function adviceOn({ state, unknown, refused }: ChargeReport): string | null {
  if (unknown > 0) {
    return "The merchant may have been charged for what is unknown. Run it again: each charge keeps its key, and is made once.";
  }
  if (refused > 0) {
    return `See why above. When the cause is fixed, run \`${COMMAND} ledger resume --refused\`, then this again.`;
  }
  switch (state) {
    case "ready":
      return null;
    case "busy":
      return "Run it again in a minute.";
    case "capped":
      return `Raise the cap with \`${COMMAND} raise-cap\`; what is parked is charged when the merchant has agreed.`;
    case "testPlan":
      return "Give --test to charge a test subscription.";
    case "noPlan":
      return `List the subscriptions with \`${COMMAND} subscriptions\`.`;
    case "tokenRefused":
    case "accessDenied":
      return "Check that the token belongs to this app in this shop, and may manage its billing.";
    case "frozen":
    case "unavailable":
      return "Only the shop's owner can change that. The uses stay in the ledger, and are charged when it is open again.";
    case "billingNotAllowed":
      return "Only public apps with manual pricing can charge through the Billing API.";
  }
}
