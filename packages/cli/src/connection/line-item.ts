import { type Money, isSameLineItem } from "shopify-usage-billing";
import { COMMAND } from "../command-name.js";
import { CommandFailedError } from "../failure/command-failed-error.js";
import { exitCodes } from "../failure/exit-code.js";
import type { Billing } from "./connection.js";

/** The usage line item that a command works on. */
export interface FoundLineItem {
  readonly id: string;
  /** The subscription's name. */
  readonly name: string;
  /** Whether its subscription is a test one, whose charges are never billed. */
  readonly test: boolean;
  readonly balanceUsed: Money;
  readonly cappedAmount: Money;
}

/** Which line item to look for. */
export interface LineItemChoice {
  /** Its id. Default: the active subscription's. */
  readonly id: string | undefined;
  /** Whether test subscriptions are eligible. */
  readonly isTest: boolean;
  readonly shop: string;
}

/** Finds a usage line item. @throws CommandFailedError if there is none */
export async function findLineItem(
  billing: Billing,
  { id, isTest, shop }: LineItemChoice,
  signal: AbortSignal,
): Promise<FoundLineItem> {
  const found =
    id === undefined ? await active(billing, isTest, signal) : await named(billing, id, signal);
  if (found) return found;
  throw noUsageLineItem({ id, isTest, shop });
}

/** Makes the error for a shop without the line item. */
export function noUsageLineItem({ id, isTest, shop }: LineItemChoice): CommandFailedError {
  return new CommandFailedError(
    id === undefined
      ? `${shop} has no active subscription with usage pricing${isTest ? "" : " that is billed"}`
      : `${shop} has no usage line item ${id}`,
    exitCodes.refused,
    `List the subscriptions with \`${COMMAND} subscriptions\`.`,
  );
}

async function active(
  billing: Billing,
  isTest: boolean,
  signal: AbortSignal,
): Promise<FoundLineItem | null> {
  const lineItem = await billing.activeUsageLineItem({ isTest }, { signal });
  if (!lineItem) return null;
  const { id, subscription, test, balanceUsed, cappedAmount } = lineItem;
  return { id, name: subscription.name, test, balanceUsed, cappedAmount };
}

async function named(
  billing: Billing,
  wanted: string,
  signal: AbortSignal,
): Promise<FoundLineItem | null> {
  for await (const { name, test, lineItems } of billing.subscriptions({}, { signal })) {
    for (const { id, plan } of lineItems) {
      const { pricingDetails } = plan;
      if (pricingDetails.__typename !== "AppUsagePricing" || !isSameLineItem(id, wanted)) continue;
      const { balanceUsed, cappedAmount } = pricingDetails;
      return { id, name, test, balanceUsed, cappedAmount };
    }
  }
  return null;
}
