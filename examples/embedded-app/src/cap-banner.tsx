import type { UsageBalance } from "shopify-usage-billing/react";
import type { ReactElement } from "react";
import { Banner } from "./banner.js";
import { formatDay } from "./date-format.js";
import { formatMoney } from "./money-format.js";

/** Warns before the cap stops what the merchant is doing, and says so once it has. */
export function CapBanner({ balance }: { readonly balance: UsageBalance }): ReactElement | null {
  const { level, balanceRemaining, cappedAmount, currentPeriodEnd } = balance;
  const until =
    currentPeriodEnd === null ? "the next period" : formatDay(new Date(currentPeriodEnd));
  if (level === "approaching") {
    return (
      <Banner
        tone="warning"
        title={`${formatMoney(balanceRemaining)} left of your ${formatMoney(cappedAmount)} cap`}
      >
        <p>When it is used up, emails and text messages wait until {until}.</p>
      </Banner>
    );
  }
  if (level === "reached") {
    return (
      <Banner tone="critical" title="Sending is paused: your cap is reached">
        <p>
          Your {formatMoney(cappedAmount)} for this period are used up. Raise the cap to resume now,
          or wait until {until}.
        </p>
      </Banner>
    );
  }
  return null;
}
