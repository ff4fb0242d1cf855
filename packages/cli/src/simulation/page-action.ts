import type { AdminSimulator, Shop } from "shopify-usage-billing/testing";
import { isFaultName, type ArmedFaults, type ArmedTarget } from "./armed-faults.js";

/** The page asked for something that makes no sense. */
export class PageActionError extends Error {
  override readonly name = "PageActionError" as const;
}

/** What an action works on. */
export interface PageActionContext {
  readonly admin: AdminSimulator;
  readonly armed: ArmedFaults;
  /** The API version that the page's own charges are sent to. */
  readonly apiVersion: string;
}

/** Milliseconds until the page's own charge gives up, as after the fault `noAnswerAfter`. */
const PATIENCE = 5_000;

const CHARGE = `mutation ChargeFromThePage($lineItem: ID!, $price: MoneyInput!, $description: String!, $key: String!) {
  appUsageRecordCreate(subscriptionLineItemId: $lineItem, price: $price, description: $description, idempotencyKey: $key) {
    appUsageRecord { id }
    userErrors { field message }
  }
}`;

function text(input: Readonly<Record<string, unknown>>, field: string): string {
  const value = input[field];
  if (typeof value === "string" && value.trim() !== "") return value;
  throw new PageActionError(`${field} is missing`);
}

function number(input: Readonly<Record<string, unknown>>, field: string): number {
  const value = input[field];
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new PageActionError(`${field} is no number`);
}

function targetOf(value: unknown): ArmedTarget {
  if (value === "queries" || value === "mutations" || value === "all") return value;
  throw new PageActionError("target is none of all, queries and mutations");
}

function shopOf(admin: AdminSimulator, domain: string): Shop {
  const shop = admin.shops.find((shop) => shop.domain === domain);
  if (shop) return shop;
  throw new PageActionError(`There is no shop ${domain}`);
}

/** Does what a button of the page is for, and says what was done. */
export async function act(
  { admin, armed, apiVersion }: PageActionContext,
  input: Readonly<Record<string, unknown>>,
): Promise<string> {
  const shop = (): Shop => shopOf(admin, text(input, "shop"));
  switch (input["action"]) {
    case "approve":
      shop().approve(text(input, "id"));
      return "Approved.";
    case "decline":
      shop().decline(text(input, "id"));
      return "Declined.";
    case "freeze":
      shop().freeze(text(input, "id"));
      return "Frozen.";
    case "unfreeze":
      shop().unfreeze(text(input, "id"));
      return "Active again.";
    case "drain":
      shop().drain();
      return "The bucket is empty: requests are throttled until it has filled up.";
    case "advance":
      admin.clock.advance(number(input, "milliseconds"));
      return "The time was advanced.";
    case "fault": {
      const name = input["name"];
      if (!isFaultName(name)) throw new PageActionError("There is no such fault");
      const times = number(input, "times");
      const target = targetOf(input["target"]);
      armed.arm(name, times, target);
      return `${name} waits for ${times === 1 ? "the next request" : `the next ${times} requests`}.`;
    }
    case "clearFaults":
      armed.clear();
      return "No faults from now on.";
    case "charge":
      return charge(shop(), text(input, "amount"), text(input, "description"), apiVersion);
    default:
      throw new PageActionError("There is no such action");
  }
}

/** Charges as an app would, so that faults, costs and the cap have their say. */
async function charge(
  shop: Shop,
  amount: string,
  description: string,
  apiVersion: string,
): Promise<string> {
  const lineItem = shop.activeSubscription?.usageLineItem;
  const currencyCode = lineItem?.usagePricing?.cappedAmount.currencyCode;
  if (!lineItem || currencyCode === undefined) {
    throw new PageActionError("There is no active subscription with usage pricing");
  }
  const variables = {
    lineItem: lineItem.id,
    price: { amount, currencyCode },
    description,
    key: `page-${crypto.randomUUID()}`,
  };
  let answer: string;
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const response = await shop.graphql(CHARGE, { variables, apiVersion, signal });
    answer = await response.text();
    if (!response.ok) return `The answer was status ${response.status}.`;
  } catch (error) {
    const name = error instanceof Error ? error.name : "Error";
    return name === "TimeoutError" ? "No answer came." : "The connection broke.";
  }
  return tell(answer);
}

/** What an answer says, in its own words. */
function tell(answer: string): string {
  const message = /"message"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(answer)?.[1];
  if (message !== undefined) return `Shopify's answer: ${String(JSON.parse(message))}`;
  return answer.includes("gid://shopify/AppUsageRecord/")
    ? "Charged."
    : "The answer cannot be read as JSON.";
}
