import type { AdminSimulator, Shop } from "shopify-usage-billing/testing";
import {
  type ArmedFault,
  type ArmedFaults,
  type ArmedTarget,
  isRequestFault,
  isWebhookFault,
} from "./armed-faults.js";
import type { WebhookAddress } from "./webhook-address.js";

/** What a button of the page asks for. */
export type PageAction =
  | {
      readonly action: "approve" | "decline" | "freeze" | "unfreeze" | "cancel";
      readonly id: string;
    }
  | { readonly action: "advance"; readonly milliseconds: number }
  | {
      readonly action: "charge";
      readonly amount: string;
      readonly description: string;
      /** Made up if it is empty. */
      readonly key: string;
    }
  | ({ readonly action: "fault" } & ArmedFault)
  | { readonly action: "webhooks"; readonly url: string }
  | { readonly action: "drain" | "clearFaults" };

/** The page asked for something that makes no sense. */
export class PageActionError extends Error {
  override readonly name = "PageActionError" as const;
}

/** What an action works on. */
export interface PageActionContext {
  readonly admin: AdminSimulator;
  readonly shop: Shop;
  readonly armed: ArmedFaults;
  readonly webhooks: WebhookAddress;
  /** The API version that the page's own charges are sent to. */
  readonly apiVersion: string;
}

/** An action as it arrives: nothing about it is certain. */
type Input = Readonly<Record<string, unknown>>;

/** Milliseconds until the page's own charge gives up, as after the fault `noAnswerAfter`. */
const PATIENCE = 5_000;
const MOST_FAULTS = 1_000;
const TARGETS: readonly ArmedTarget[] = ["all", "queries", "mutations", "tokens", "webhooks"];

const CHARGE = `mutation ChargeFromThePage($lineItem: ID!, $price: MoneyInput!, $description: String!, $key: String!) {
  appUsageRecordCreate(
    subscriptionLineItemId: $lineItem
    price: $price
    description: $description
    idempotencyKey: $key
  ) {
    appUsageRecord {
      id
    }
    userErrors {
      field
      message
    }
  }
}`;

/** Does what a button of the page asks for, and returns what was done. */
export async function act(context: PageActionContext, input: Input): Promise<string> {
  const { admin, shop, armed, webhooks } = context;
  switch (input["action"]) {
    case "approve":
      shop.approve(text(input, "id"));
      return "Approved.";
    case "decline":
      shop.decline(text(input, "id"));
      return "Declined.";
    case "freeze":
      shop.freeze(text(input, "id"));
      return "Frozen.";
    case "unfreeze":
      shop.unfreeze(text(input, "id"));
      return "Active again.";
    case "cancel":
      shop.cancel(text(input, "id"));
      return "Cancelled.";
    case "drain":
      shop.drain();
      return "The bucket is empty. Requests are throttled until it has filled up.";
    case "advance":
      admin.clock.advance(number(input, "milliseconds"));
      return "The clock was advanced.";
    case "webhooks":
      webhooks.set(text(input, "url"));
      return `Webhooks go to ${webhooks.url}.`;
    case "fault": {
      const fault = armedFault(input);
      armed.arm(fault);
      const { name, times, target } = fault;
      const subject = target === "webhooks" ? "webhook" : "request";
      return `${name} waits for the next ${times === 1 ? subject : `${times} ${subject}s`}.`;
    }
    case "clearFaults":
      armed.clear();
      return "No faults from now on.";
    case "charge":
      return charge(context, input);
    default:
      throw new PageActionError(`Unknown action ${JSON.stringify(input["action"])}`);
  }
}

function text(input: Input, field: string): string {
  const value = input[field];
  if (typeof value === "string" && value.trim() !== "") return value;
  throw new PageActionError(`${field} must not be empty`);
}

function number(input: Input, field: string): number {
  const value = input[field];
  if (typeof value === "number") return value;
  throw new PageActionError(`${field} must be a number, got ${JSON.stringify(value)}`);
}

function armedFault(input: Input): ArmedFault {
  const name = input["name"];
  const times = number(input, "times");
  if (!Number.isInteger(times) || times < 1 || times > MOST_FAULTS) {
    throw new PageActionError(
      `times must be a whole number from 1 to ${MOST_FAULTS}, got ${times}`,
    );
  }
  const target = TARGETS.find((known) => known === input["target"]);
  if (target === undefined) {
    throw new PageActionError(`target must be one of ${TARGETS.join(", ")}`);
  }
  const isKnown = target === "webhooks" ? isWebhookFault : isRequestFault;
  if (isKnown(name)) return { name, times, target };
  throw new PageActionError(`Unknown fault ${JSON.stringify(name)} of ${target}`);
}

/** Charges as an app would, so that faults, costs and the cap apply. */
async function charge({ shop, apiVersion }: PageActionContext, input: Input): Promise<string> {
  const lineItem = shop.activeSubscription?.usageLineItem;
  const currencyCode = lineItem?.usagePricing?.cappedAmount.currencyCode;
  if (!lineItem || currencyCode === undefined) {
    throw new PageActionError("There is no active subscription with usage pricing");
  }
  const variables = {
    lineItem: lineItem.id,
    price: { amount: text(input, "amount"), currencyCode },
    description: text(input, "description"),
    key: input["key"] ? text(input, "key") : `page-${crypto.randomUUID()}`,
  };
  let body: string;
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const response = await shop.graphql(CHARGE, { variables, apiVersion, signal });
    body = await response.text();
    if (!response.ok) return `The response was status ${response.status}.`;
  } catch (error) {
    const name = error instanceof Error ? error.name : "Error";
    return name === "TimeoutError" ? "No response came." : "The connection broke.";
  }
  return outcomeOf(body);
}

/** Returns the first message in a response, or else whether there is a record. */
function outcomeOf(body: string): string {
  const message = /"message"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(body)?.[1];
  if (message !== undefined) return `Shopify's response: ${String(JSON.parse(message))}`;
  return body.includes("gid://shopify/AppUsageRecord/")
    ? "Charged."
    : "The response is not the expected JSON.";
}
