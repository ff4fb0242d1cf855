import type { UsageBalance } from "shopify-usage-billing/react";
import type { ReactElement } from "react";
import { roundedPercent } from "./amount.js";
import { Button } from "./button.js";
import { Card } from "./card.js";
import { formatDay, formatMoment } from "./date-format.js";
import { formatMoney, formatRoughly } from "./money-format.js";
import type { Pace } from "./pace.js";
import { daysLeft, type Period } from "./period.js";

const LEVELS = {
  normal: "On track",
  approaching: "Close to the cap",
  reached: "Cap reached",
} as const;

function resets(period: Period, now: Date): string {
  const days = daysLeft(period, now);
  const when = days === 0 ? "today" : days === 1 ? "tomorrow" : `in ${days} days`;
  return `Resets ${when}, on ${formatDay(period.end)}`;
}

function prospect(pace: Pace, period: Period, currencyCode: string): string {
  return pace.capReached
    ? `At this pace you’ll reach the cap around ${formatDay(pace.capReached)}.`
    : `At this pace you’ll use about ${formatRoughly(pace.total, currencyCode)} by ${formatDay(period.end)}.`;
}

/** Shows how much of the cap is used. */
export function UsageMeter({
  balance,
  period,
  pace,
  now,
  onRaiseCap,
}: {
  readonly balance: UsageBalance;
  readonly period: Period | null;
  readonly pace: Pace | null;
  readonly now: Date;
  readonly onRaiseCap: () => void;
}): ReactElement {
  const { balanceUsed, cappedAmount, balanceRemaining, level } = balance;
  const percent = roundedPercent(balanceUsed.amount, cappedAmount.amount);
  const used = formatMoney(balanceUsed);
  const cap = formatMoney(cappedAmount);
  const over = balanceRemaining.amount.startsWith("-");
  const remaining = formatMoney(balanceRemaining).replace("-", "");
  const outlook = period && pace && prospect(pace, period, cappedAmount.currencyCode);
  return (
    <Card
      title="This period"
      className={`meter meter--${level}`}
      actions={<span className={`badge badge--${level}`}>{LEVELS[level]}</span>}
    >
      <p className="meter__figures">
        <strong>{used}</strong> <span>of {cap} cap</span>
      </p>
      <div
        className="meter__track"
        role="meter"
        aria-label="Usage of this period"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.min(percent, 100)}
        aria-valuetext={`${used} of ${cap}, ${percent} percent`}
      >
        <div className="meter__fill" style={{ inlineSize: `${Math.min(percent, 100)}%` }} />
      </div>
      <dl className="meter__facts">
        <div>
          <dt>{over ? "Above the cap" : "Left"}</dt>
          <dd>{remaining}</dd>
        </div>
        <div>
          <dt>Used</dt>
          <dd>{percent}%</dd>
        </div>
        {period && (
          <div>
            <dt>Period</dt>
            <dd>
              {formatMoment(period.start)} – {formatMoment(period.end)}
            </dd>
          </div>
        )}
      </dl>
      <div className="meter__foot">
        <p>
          {period && resets(period, now)}
          {outlook && <span className="meter__outlook"> · {outlook}</span>}
        </p>
        <Button look={level === "normal" ? "secondary" : "primary"} onClick={onRaiseCap}>
          Raise cap
        </Button>
      </div>
    </Card>
  );
}
