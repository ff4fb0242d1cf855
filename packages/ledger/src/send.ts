import type { Billing, ChargeInput, ChargeOutcome, ChargeResult } from "./billing.js";
import { rows } from "./database.js";
import { chargeColumns, factsOf, type ChargeRow } from "./charges.js";
import type { Claim } from "./claim.js";
import { failureOf, shopStateOf, type Failure } from "./failure.js";
import { noteState, type Plan } from "./look.js";
import type { LedgerContext } from "./options.js";
import { shortest } from "./decimals.js";
import type { ShopState } from "./shop.js";
import { settleCharged, settleNotApplied, settleRefused, type Refusal } from "./settle.js";

/** The results of sending a shop's charges. */
export interface Sent {
  charged: number;
  refused: number;
  /** Charges whose result is unknown, or that could not be sent for now. */
  unknown: number;
  /** The ids of charges that were above the cap. */
  readonly capped: Set<string>;
  /** What stopped the sending before everything was sent; `null` if nothing did. */
  stopped: "cap" | "plan" | "failure" | ShopState | null;
  /** Milliseconds that Shopify asked to wait; `null` if it did not ask. */
  retryAfter: number | null;
}

/**
 * Marks the next charges as sent, before they are. If the claim is lost, it marks none.
 *
 * A charge of unknown result that was sent to another line item waits until no sending of it can be under
 * way.
 */
const MARK = `with mine as (
  select from usage_ledger.shops
  where shop = $1::text and claimed_by = $2::text and claimed_until > clock_timestamp()
), next as (
  select id from usage_ledger.charges
  where shop = $1::text and currency = $3::text and state in ('sealed', 'sent')
    and id > ($4::text)::bigint and exists (select from mine)
    and (open_sends = 0 or sent_to[cardinality(sent_to)] = $5::text
      or last_sent_at < ($6::text)::timestamptz - interval '1 day')
  order by id limit ($7::text)::int
  for update
)
update usage_ledger.charges c
set state = 'sent', sends = sends + 1, open_sends = open_sends + 1,
  first_sent_at = coalesce(first_sent_at, ($6::text)::timestamptz),
  last_sent_at = ($6::text)::timestamptz,
  sent_to = case when $5::text = any(sent_to) then array_remove(sent_to, $5::text) else sent_to end || $5::text
from next where c.id = next.id
returning ${chargeColumns("c")}, sends::text`;

type Marked = ChargeRow & { readonly sends: string };

/** After this many sendings, an error that retrying cannot cure is left to the app. */
const MOST_SENDS = 10;

/** Errors about the charge itself. Any other may be about the connection or the shop. */
const OF_THE_CHARGE: ReadonlySet<string> = new Set(["InvalidInputError", "GraphQLRequestError"]);

/** User errors about the plan, not the charge. */
const OF_THE_PLAN: ReadonlySet<string> = new Set([
  "SUBSCRIPTION_NOT_ACTIVE",
  "LINE_ITEM_NOT_FOUND",
]);
/** User errors of a charge above the cap; the second stands for the text in Shopify's own example. */
const OF_THE_CAP: ReadonlySet<string> = new Set(["CAPPED_AMOUNT_EXCEEDED", "CHARGE_FAILED"]);

/** Sends sealed charges and those of unknown result, oldest first, until something stops it. */
export async function send(
  context: LedgerContext,
  billing: Billing,
  claim: Claim,
  plan: Plan,
  now: string,
): Promise<Sent> {
  const sent: Sent = {
    charged: 0,
    refused: 0,
    unknown: 0,
    capped: new Set(),
    stopped: null,
    retryAfter: null,
  };
  const marked = new Map<string, Marked>();
  /** Ids of charges that are marked but not yet passed to the client. */
  const waiting = new Set<string>();
  const { concurrency } = context;

  async function* inputs(): AsyncGenerator<ChargeInput, void, undefined> {
    let after = "0";
    for (;;) {
      if (sent.stopped !== null || claim.signal.aborted) return;
      const chunk = await rows<Marked>(context.database, MARK, [
        claim.shop,
        claim.worker,
        plan.currency,
        after,
        plan.lineItemId,
        now,
        String(concurrency),
      ]);
      if (chunk.length === 0) return;
      const inOrder = chunk.toSorted((a, b) => Number(BigInt(a.id) - BigInt(b.id)));
      for (const charge of inOrder) {
        marked.set(charge.key, charge);
        waiting.add(charge.id);
      }
      for (const charge of inOrder) {
        after = charge.id;
        // By the clock, not a timer: this process may have been stopped since it marked them.
        if (sent.stopped !== null || claim.isOver) return;
        waiting.delete(charge.id);
        yield inputOf(charge, plan);
      }
    }
  }

  try {
    const outcomes = billing.createUsageRecords(inputs(), { concurrency, signal: claim.signal });
    for await (const outcome of outcomes) {
      const charge = marked.get(outcome.input.idempotencyKey);
      if (!charge) continue;
      marked.delete(charge.key);
      await settle(context, charge, outcome, plan, now, sent);
    }
  } catch (error) {
    // The client throws because the claim's signal has aborted, once all results are in.
    if (!claim.signal.aborted) throw error;
  } finally {
    await settleNotApplied(context, [...waiting]);
  }
  sent.unknown += [...marked.values()].filter(({ id }) => !waiting.has(id)).length;
  return sent;
}

function inputOf(charge: Marked, { lineItemId }: Plan): ChargeInput {
  return {
    description: charge.description,
    // The line item's currency, so the client's API version knows it.
    price: { amount: charge.amount, currencyCode: charge.currency as never },
    idempotencyKey: charge.key,
    subscriptionLineItemId: lineItemId,
  };
}

/** Stores the result of a charge, and whether to go on sending. */
async function settle(
  context: LedgerContext,
  charge: Marked,
  outcome: ChargeOutcome,
  plan: Plan,
  now: string,
  sent: Sent,
): Promise<void> {
  if (outcome.result === undefined) {
    await settleFailure(context, charge, outcome.error, now, sent);
  } else if (outcome.result.ok) {
    await settleCharged(context, charge.key, outcome.result.usageRecord, now, true);
    sent.charged += 1;
  } else await settleUserError(context, charge, outcome.result, plan, now, sent);
}

async function settleUserError(
  context: LedgerContext,
  charge: Marked,
  result: Extract<ChargeResult, { ok: false }>,
  plan: Plan,
  now: string,
  sent: Sent,
): Promise<void> {
  const codes = result.userErrors.map(({ code }) => code);
  const message = result.userErrors.map((error) => error.message).join("; ");
  const proven = result.certainty === "notApplied";
  const is = (kind: ReadonlySet<string>): boolean => codes.some((code) => kind.has(code));
  if (is(OF_THE_CAP)) {
    const until = plan.periodEnd;
    await settleRefused(
      context,
      charge.id,
      { state: "parked", reason: "cap", message, proven, until },
      now,
    );
    sent.capped.add(charge.id);
    sent.stopped ??= "cap";
    return;
  }
  if (codes.includes("IDEMPOTENCY_KEY_IN_USE")) {
    sent.unknown += 1;
    sent.retryAfter ??= result.retryAfter ?? null;
    context.emit({ type: "unknown", ...factsOf(charge), error: result });
    return;
  }
  const ofTheShop = codes.includes("BILLING_NOT_ALLOWED");
  if ((ofTheShop || is(OF_THE_PLAN)) && Number(charge.sends) < MOST_SENDS) {
    // The charge is valid but cannot be made for now: it keeps its key.
    if (proven) await settleNotApplied(context, [charge.id]);
    sent.unknown += 1;
    if (ofTheShop) {
      await noteState(context, charge.shop, "billingNotAllowed", message);
      sent.stopped = "billingNotAllowed";
    } else sent.stopped ??= "plan";
    return;
  }
  await refuse(context, charge, { reason: codes[0] ?? "UNKNOWN", message, proven }, now, sent);
}

async function settleFailure(
  context: LedgerContext,
  charge: Marked,
  error: unknown,
  now: string,
  sent: Sent,
): Promise<void> {
  const failure = failureOf(error);
  const proven = failure.certainty === "notApplied";
  const record = ownRecord(charge, failure, error);
  if (record) {
    await settleCharged(context, charge.key, record, now, false);
    sent.charged += 1;
    return;
  }
  const state = shopStateOf(failure);
  const hopeless =
    failure.name === "IdempotencyConflictError" ||
    (state === null &&
      !failure.retryable &&
      ((proven && OF_THE_CHARGE.has(failure.name)) || Number(charge.sends) >= MOST_SENDS));
  if (hopeless) {
    const { name: reason, message } = failure;
    await refuse(context, charge, { reason, message, proven }, now, sent);
    return;
  }
  if (proven) await settleNotApplied(context, [charge.id]);
  else context.emit({ type: "unknown", ...factsOf(charge), error });
  sent.unknown += 1;
  sent.retryAfter ??= failure.retryAfter;
  if (state === null) return;
  await noteState(context, charge.shop, state, failure.message);
  sent.stopped = state;
}

/** Leaves a charge to the app. */
async function refuse(
  context: LedgerContext,
  { id }: Marked,
  refusal: Pick<Refusal, "reason" | "message" | "proven">,
  now: string,
  sent: Sent,
): Promise<void> {
  await settleRefused(context, id, { ...refusal, state: "refused", until: null }, now);
  sent.refused += 1;
}

/**
 * Returns the record of a conflict if it is this very charge, made on an earlier plan's line item.
 *
 * @remarks
 * The ledger's keys are random, so a record with the key and the price is the charge.
 */
function ownRecord(
  { key, amount, currency }: Marked,
  { name }: Failure,
  error: unknown,
): { id: string; createdAt: string } | null {
  if (name !== "IdempotencyConflictError") return null;
  const record: unknown = Reflect.get(Object(error), "usageRecord");
  if (typeof record !== "object" || record === null) return null;
  const { id, createdAt, idempotencyKey, price }: Record<string, unknown> = { ...record };
  if (typeof id !== "string" || typeof createdAt !== "string" || idempotencyKey !== key)
    return null;
  const { amount: charged, currencyCode }: Record<string, unknown> = { ...Object(price) };
  return typeof charged === "string" &&
    shortest(charged) === shortest(amount) &&
    currencyCode === currency
    ? { id, createdAt }
    : null;
}
