import type { AdminApi } from "../admin-api.js";
import { InvalidResponseError } from "../errors/invalid-response-error.js";
import type { Money } from "../money.js";
import type { ActiveUsageLineItem } from "../operations/active-usage-line-item.js";
import { capLevel, percentUsed, type CapLevel } from "./cap-level.js";

/** This period's usage and the cap that the merchant agreed to. */
export interface UsageBalance<Api extends AdminApi = AdminApi> {
  /** The line item that usage is charged to. */
  readonly subscriptionLineItemId: string;
  readonly balanceUsed: Money<Api["CurrencyCode"]>;
  /** The most that the merchant agreed to pay in one period. */
  readonly cappedAmount: Money<Api["CurrencyCode"]>;
  /** `cappedAmount - balanceUsed`, exactly. Negative if usage is over the cap. */
  readonly balanceRemaining: Money<Api["CurrencyCode"]>;
  /**
   * The used share of the cap in whole percent, rounded down: below 100 until everything is used,
   * above 100 if usage is over the cap.
   */
  readonly percentUsed: number;
  /**
   * How close usage is to the cap. At every level, a charge larger than what remains is refused.
   */
  readonly level: CapLevel;
  readonly interval: ActiveUsageLineItem<Api>["interval"];
  /** When the balance resets, as ISO 8601; `null` if Shopify gives no date. */
  readonly currentPeriodEnd: string | null;
  /** Whether the subscription is a test one, whose charges are never billed. */
  readonly test: boolean;
}

/** Returns the balance of a usage line item. */
export function usageBalanceOf<Api extends AdminApi>(
  lineItem: ActiveUsageLineItem<Api>,
): UsageBalance<Api> {
  const { balanceUsed, cappedAmount, balanceRemaining } = lineItem;
  const percent = percentUsed(balanceUsed.amount, cappedAmount.amount);
  if (percent === null)
    throw new InvalidResponseError(
      "The response is malformed: balanceUsed or cappedAmount is not a decimal",
    );
  return {
    subscriptionLineItemId: lineItem.id,
    balanceUsed,
    cappedAmount,
    balanceRemaining,
    percentUsed: percent,
    level: capLevel(percent, balanceRemaining.amount),
    interval: lineItem.interval,
    currentPeriodEnd: lineItem.currentPeriodEnd,
    test: lineItem.test,
  };
}
