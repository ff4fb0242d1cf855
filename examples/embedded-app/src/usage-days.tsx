import type { Money } from "shopify-usage-billing/react";
import type { ReactElement } from "react";
import { formatShortWeekday } from "./date-format.js";
import { formatMoney } from "./money-format.js";
import type { UsageDay } from "./usage-by-day.js";

/** The chart's data as a table. */
export function UsageDays({
  days,
  cappedAmount: { currencyCode },
}: {
  readonly days: readonly UsageDay[];
  readonly cappedAmount: Money;
}): ReactElement {
  const newestFirst = days.filter(({ future }) => !future).toReversed();
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- lets the keyboard scroll it
    <div className="days" tabIndex={0} role="group" aria-label="Usage per day">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col" className="number">
              Charges
            </th>
            <th scope="col" className="number">
              Amount
            </th>
            <th scope="col" className="number">
              So far
            </th>
          </tr>
        </thead>
        <tbody>
          {newestFirst.map(({ date, charges, amount, total }) => (
            <tr key={date.getTime()}>
              <th scope="row">{formatShortWeekday(date)}</th>
              <td className="number subdued">{charges}</td>
              <td className="number">{formatMoney({ amount, currencyCode })}</td>
              <td className="number subdued">{formatMoney({ amount: total, currencyCode })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
