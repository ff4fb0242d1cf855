import type { UsageBalance } from "shopify-usage-billing/react";
import type { ReactElement } from "react";
import { Banner } from "./banner.js";
import { Button } from "./button.js";
import { formatDay } from "./date-format.js";
import { formatMoney } from "./money-format.js";

/** Asks to raise the cap before, or when, it stops what the merchant is doing. */
export function CapBanner({
  balance,
  onRaiseCap,
}: {
  readonly balance: UsageBalance;
  readonly onRaiseCap: () => void;
}): ReactElement | null {
  const { level, balanceRemaining, cappedAmount, currentPeriodEnd } = balance;
  const until =
    currentPeriodEnd === null ? "the next period" : formatDay(new Date(currentPeriodEnd));
  const actions = <Button onClick={onRaiseCap}>Raise cap</Button>;
  if (level === "approaching") {
    return (
      <Banner
        tone="warning"
        title={`${formatMoney(balanceRemaining)} left of your ${formatMoney(cappedAmount)} cap`}
        actions={actions}
      >
        <p>When it is used up, emails and text messages wait until {until}.</p>
      </Banner>
    );
  }
  if (level === "reached") {
    return (
      <Banner tone="critical" title="Sending is paused: your cap is reached" actions={actions}>
        <p>
          Your {formatMoney(cappedAmount)} for this period are used up. Raise the cap to go on now,
          or wait until {until}.
        </p>
      </Banner>
    );
  }
  return null;
}
