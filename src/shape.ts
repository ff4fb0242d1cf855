import type { Page, SubscriptionShape, UsageRecordShape } from "./admin-api.js";
import { InvalidResponseError } from "./errors/invalid-response-error.js";
import { isGid } from "./gid.js";

/** A field, by its path, and the check it must pass. */
type Rule = readonly [path: readonly string[], holds: (value: unknown) => boolean];

const isText = (value: unknown): boolean => typeof value === "string";
const isAbsentOrText = (value: unknown): boolean =>
  value === null || value === undefined || isText(value);

const USAGE_RECORD: readonly Rule[] = [
  [["id"], (id) => isGid("AppUsageRecord", id)],
  [["createdAt"], isText],
  [["description"], isText],
  [["idempotencyKey"], isAbsentOrText],
  [["price", "amount"], isText],
  [["price", "currencyCode"], isText],
  [["subscriptionLineItem", "id"], isText],
];

const SUBSCRIPTION: readonly Rule[] = [
  [["id"], (id) => isGid("AppSubscription", id)],
  [["status"], isText],
  [["test"], (test) => typeof test === "boolean"],
  [["lineItems"], Array.isArray],
];

const LINE_ITEM: readonly Rule[] = [
  [["id"], isText],
  [["plan", "pricingDetails", "__typename"], isText],
];

const USAGE_PRICING: readonly Rule[] = [
  [["plan", "pricingDetails", "balanceUsed", "amount"], isText],
  [["plan", "pricingDetails", "balanceUsed", "currencyCode"], isText],
  [["plan", "pricingDetails", "cappedAmount", "amount"], isText],
  [["plan", "pricingDetails", "cappedAmount", "currencyCode"], isText],
];

function fieldAt(value: unknown, path: readonly string[]): unknown {
  let field = value;
  for (const name of path) {
    if (typeof field !== "object" || field === null) return undefined;
    field = Reflect.get(field, name);
  }
  return field;
}

function show(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  return typeof value === "string" ? JSON.stringify(value.slice(0, 80)) : `a ${typeof value}`;
}

/** Describes the first field that fails its check; `null` if all pass. */
function problemOf(value: unknown, rules: readonly Rule[]): string | null {
  for (const [path, holds] of rules) {
    const field = fieldAt(value, path);
    if (!holds(field)) return `${path.join(".")} is ${show(field)}`;
  }
  return null;
}

/** Describes what is wrong with the payload of a managed subscription; `null` if nothing is. */
export function managedPayloadProblem(payload: unknown): string | null {
  const subscription = subscriptionProblem(fieldAt(payload, ["appSubscription"]));
  if (subscription !== null) return `appSubscription.${subscription}`;
  return problemOf(payload, [[["confirmationUrl"], isAbsentOrText]]);
}

/**
 * Describes what is wrong with a usage record, compared with the requested fields; `null` if
 * nothing is.
 */
export function usageRecordProblem(value: unknown): string | null {
  return problemOf(value, USAGE_RECORD);
}

/** Describes what is wrong with a subscription and its line items; `null` if nothing is. */
export function subscriptionProblem(value: unknown): string | null {
  const problem = problemOf(value, SUBSCRIPTION);
  if (problem !== null) return problem;
  const lineItems = fieldAt(value, ["lineItems"]);
  for (const [index, lineItem] of Array.isArray(lineItems) ? lineItems.entries() : []) {
    const isUsage =
      fieldAt(lineItem, ["plan", "pricingDetails", "__typename"]) === "AppUsagePricing";
    const inside =
      problemOf(lineItem, LINE_ITEM) ?? (isUsage ? problemOf(lineItem, USAGE_PRICING) : null);
    if (inside !== null) return `lineItems.${index}.${inside}`;
  }
  return null;
}

/** Whether this is a usage record with all requested fields. */
export function isUsageRecord<UsageRecord extends UsageRecordShape>(
  value: UsageRecord | object | null | undefined,
): value is UsageRecord {
  return usageRecordProblem(value) === null;
}

/** Whether this is a subscription with its line items and all requested fields. */
export function isSubscription<Subscription extends SubscriptionShape>(
  value: Subscription | object | null | undefined,
): value is Subscription {
  return subscriptionProblem(value) === null;
}

/** Makes the error for a part of a response that is malformed. */
export function malformed(what: string, problem: string): InvalidResponseError {
  return new InvalidResponseError(`${what} in the response is malformed: ${problem}`, {
    certainty: "unknown",
  });
}

/**
 * Returns a page of a connection after checking its nodes.
 *
 * @param what - the kind of node, for the error's message
 * @throws InvalidResponseError
 */
export function pageOf<Node>(
  page: Page<Node>,
  what: string,
  problem: (node: unknown) => string | null,
): Page<Node> {
  const { hasNextPage, endCursor } = page.pageInfo;
  if (typeof hasNextPage !== "boolean") {
    throw malformed("A page", `pageInfo.hasNextPage is ${show(hasNextPage)}`);
  }
  if (!isAbsentOrText(endCursor)) {
    throw malformed("A page", `pageInfo.endCursor is ${show(endCursor)}`);
  }
  for (const node of page.nodes) {
    const inside = problem(node);
    if (inside !== null) throw malformed(what, inside);
  }
  return page;
}
