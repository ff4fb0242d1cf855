import type { AdminApi } from "../admin-api.js";
import { InvalidResponseError } from "../errors/invalid-response-error.js";
import type { Money } from "../money.js";
import type { ActiveUsageLineItem } from "../operations/active-usage-line-item.js";
import { capLevel, percentUsed, type CapLevel } from "./cap-level.js";

/** What the usage of this period adds up to, against what the merchant agreed to. */
export interface UsageBalance<Api extends AdminApi = AdminApi> {
  /** The line item that usage is charged to. */
  readonly subscriptionLineItemId: string;
  readonly balanceUsed: Money<Api["CurrencyCode"]>;
  /** What the merchant agreed to pay at most in one period. */
  readonly cappedAmount: Money<Api["CurrencyCode"]>;
  /** `cappedAmount - balanceUsed`, exactly; below zero where more was used than the cap allows. */
  readonly balanceRemaining: Money<Api["CurrencyCode"]>;
  /** Whole percent of the cap, rounded down: 99 until everything is used, above 100 where more was. */
  readonly percentUsed: number;
  /** How near the cap is. A charge that is larger than what remains is refused at every level. */
  readonly level: CapLevel;
  readonly interval: ActiveUsageLineItem<Api>["interval"];
  /** When the balance starts anew, as ISO 8601; null where Shopify gives none. */
  readonly currentPeriodEnd: string | null;
  /** Is the subscription a test one, whose charges are never billed? */
  readonly test: boolean;
}

/** The balance of a usage line item. */
export function usageBalanceOf<Api extends AdminApi>(
  lineItem: ActiveUsageLineItem<Api>,
): UsageBalance<Api> {
  const { balanceUsed, cappedAmount, balanceRemaining } = lineItem;
  const percent = percentUsed(balanceUsed.amount, cappedAmount.amount);
  if (percent === null) throw new InvalidResponseError("A balance is no decimal");
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
