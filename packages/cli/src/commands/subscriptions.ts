import { Command, Option } from "@commander-js/extra-typings";
import type { Subscription } from "shopify-usage-billing";
import type { CommandContext } from "../command-context.js";
import { connect } from "../connection/connection.js";
import { withConnection } from "../connection/connection-options.js";
import { examples } from "../examples.js";
import { CommandLineError } from "../failure/command-line-error.js";
import { exitCodes } from "../failure/exit-code.js";
import { bar, byPart } from "../output/bar.js";
import { moment } from "../output/moment.js";
import type { Colors } from "../output/output.js";
import { partOf, percent, price } from "../output/price.js";
import { rowFormat, rowWriter, type CsvColumn } from "../output/row-writer.js";
import type { Column } from "../output/table.js";

type LineItem = Subscription["lineItems"][number];
type Pricing = LineItem["plan"]["pricingDetails"];
type UsagePricing = Extract<Pricing, { __typename: "AppUsagePricing" }>;
type RecurringPricing = Extract<Pricing, { __typename: "AppRecurringPricing" }>;

const STATUSES = [
  "ACTIVE",
  "PENDING",
  "ACCEPTED",
  "FROZEN",
  "DECLINED",
  "EXPIRED",
  "CANCELLED",
] as const;

function usageLine({ lineItems }: Subscription): { id: string; pricing: UsagePricing } | null {
  for (const { id, plan } of lineItems) {
    if (plan.pricingDetails.__typename === "AppUsagePricing") {
      return { id, pricing: plan.pricingDetails };
    }
  }
  return null;
}

function recurringPricing({ lineItems }: Subscription): RecurringPricing | null {
  for (const { plan } of lineItems) {
    if (plan.pricingDetails.__typename === "AppRecurringPricing") return plan.pricingDetails;
  }
  return null;
}

function usagePart(subscription: Subscription): number | null {
  const usage = usageLine(subscription);
  return usage && partOf(usage.pricing.balanceUsed, usage.pricing.cappedAmount);
}

function statusColor(colors: Colors, status: string): (text: string) => string {
  if (status === "ACTIVE") return colors.green;
  return status === "PENDING" || status === "ACCEPTED" || status === "FROZEN"
    ? colors.yellow
    : colors.dim;
}

function columns(colors: Colors): readonly Column<Subscription>[] {
  return [
    { title: "ID", text: ({ id }) => id.split("/").at(-1) ?? id, leftOut: 4 },
    { title: "NAME", text: ({ name }) => name, flexible: true },
    {
      title: "STATUS",
      text: ({ status, test }) => status + (test ? " test" : ""),
      style: (text, { status }) => statusColor(colors, status)(text),
    },
    {
      title: "RECURRING",
      text: (subscription) => {
        const recurring = recurringPricing(subscription);
        if (!recurring) return "–";
        return `${price(recurring.price)} / ${recurring.interval === "ANNUAL" ? "year" : "30 days"}`;
      },
      align: "right",
      leftOut: 2,
    },
    {
      title: "USED",
      text: (subscription) => {
        const usage = usageLine(subscription);
        return usage ? price(usage.pricing.balanceUsed) : "–";
      },
      align: "right",
    },
    {
      title: "CAP",
      text: (subscription) => {
        const usage = usageLine(subscription);
        return usage ? price(usage.pricing.cappedAmount) : "–";
      },
      align: "right",
      leftOut: 5,
    },
    {
      title: "",
      text: (subscription) => {
        const part = usagePart(subscription);
        return part === null ? "" : `${bar(part, 10)} ${percent(part)}`;
      },
      style: (text, subscription) => byPart(colors, usagePart(subscription) ?? 0)(text),
      leftOut: 3,
    },
    {
      title: "PERIOD ENDS",
      text: ({ currentPeriodEnd }) => (currentPeriodEnd === null ? "–" : moment(currentPeriodEnd)),
      leftOut: 1,
    },
  ];
}

const CSV: readonly CsvColumn<Subscription>[] = [
  ["id", ({ id }) => id],
  ["name", ({ name }) => name],
  ["status", ({ status }) => status],
  ["test", ({ test }) => String(test)],
  ["createdAt", ({ createdAt }) => createdAt],
  ["currentPeriodEnd", ({ currentPeriodEnd }) => currentPeriodEnd],
  ["recurringPrice", (subscription) => recurringPricing(subscription)?.price.amount ?? null],
  ["recurringInterval", (subscription) => recurringPricing(subscription)?.interval ?? null],
  ["usageLineItemId", (subscription) => usageLine(subscription)?.id ?? null],
  ["balanceUsed", (subscription) => usageLine(subscription)?.pricing.balanceUsed.amount ?? null],
  ["cappedAmount", (subscription) => usageLine(subscription)?.pricing.cappedAmount.amount ?? null],
  [
    "currencyCode",
    (subscription) =>
      usageLine(subscription)?.pricing.cappedAmount.currencyCode ??
      recurringPricing(subscription)?.price.currencyCode ??
      null,
  ],
];

/** `usage-billing subscriptions` */
export function subscriptionsCommand({ terminal, interruption, run }: CommandContext): Command {
  return withConnection(
    new Command("subscriptions")
      .description("List all subscriptions of the app in the shop, newest first.")
      .addOption(
        new Option("--status <status>", "only those with this status")
          .choices(STATUSES)
          .argParser((text: string) => text.toUpperCase()),
      )
      .addOption(new Option("--csv", "write CSV to standard output").conflicts("json"))
      .addHelpText(
        "after",
        examples(
          ["all subscriptions", "subscriptions"],
          ["the active one, with its line items' ids", "subscriptions --status active --json"],
        ),
      ),
  ).action((options) =>
    run(options, async () => {
      const { signal } = interruption;
      const { status } = options;
      if (status !== undefined && !STATUSES.some((known) => known === status)) {
        throw new CommandLineError(
          `Unknown status ${JSON.stringify(status)}`,
          `Expected one of ${STATUSES.join(", ")}.`,
        );
      }
      const { billing, shop } = await connect(options, terminal, signal);
      const format = rowFormat(options);
      const writer = rowWriter(terminal.out, format, columns(terminal.out.colors), CSV);
      let count = 0;
      const newestFirst = billing.subscriptions({ reverse: true }, { signal });
      try {
        for await (const subscription of newestFirst) {
          if (status !== undefined && subscription.status !== status) continue;
          count += 1;
          await writer.add(subscription);
        }
      } finally {
        await writer.end();
      }
      if (count === 0 && format === "table") {
        await terminal.err.line(
          `${shop} has no ${status === undefined ? "" : `${status.toLowerCase()} `}subscription of this app.`,
        );
      }
      return exitCodes.ok;
    }),
  );
}
