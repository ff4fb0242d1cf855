import { Claim } from "./claim.js";
import { row, rows, isoTime, timeOf } from "./database.js";
import { failureOf } from "./failure.js";
import { look, noteState, type Plan } from "./look.js";
import { lookUp, type Sought } from "./look-up.js";
import type { Billing } from "./billing.js";
import { checkNames, checkSignal, DAY } from "./input.js";
import type { LedgerContext } from "./options.js";
import { seal } from "./seal.js";
import { send, type Sent } from "./send.js";
import type { ShopState } from "./shop.js";
import { parkSealed, sortParked, wake } from "./wake.js";

/** Options of a call that talks to Shopify. */
export interface CallOptions {
  /** When it aborts, nothing new is started, results under way are noted, and the call rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What one call of `charge` did. */
export interface ChargeReport {
  readonly shop: string;
  /** `busy` if another worker is charging the shop; otherwise `ready`, or what stands in the way. */
  readonly state: ShopState | "busy";
  /** Charges that were sealed from uses. */
  readonly sealed: number;
  /** Charges that Shopify has made. */
  readonly charged: number;
  /** Charges that were above the cap. */
  readonly parked: number;
  /** Charges that Shopify refused for another reason. */
  readonly refused: number;
  /** Charges whose result is unknown. They are sent again with the same keys. */
  readonly unknown: number;
  /** When the shop is due again even if nothing is recorded; `null` if it is not. */
  readonly lookAt: Date | null;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A sealed charge is retried within this time, even if Shopify or a proxy asks to wait for years. */
const LONGEST_WAIT = DAY;
/** Once a charge of unknown result is this old, it is looked up before it is sent again. */
const OLD = 10 * MINUTE;
/** If Shopify refuses charges that should fit under the cap, they wait for the next look. */
const ROUNDS = 3;

async function currentTime({ database, now }: LedgerContext): Promise<string> {
  const given = now();
  if (given !== null) return given;
  const time = await row<{ now: string }>(database, `select ${isoTime(timeOf("$1"))} as now`, [
    null,
  ]);
  return time?.now ?? new Date().toISOString();
}

/** Looks up charges of unknown result that are old, or that were sent to the line item of an earlier plan. */
async function settleOld(
  context: LedgerContext,
  billing: Billing,
  shop: string,
  plan: Plan,
  now: string,
  signal: AbortSignal,
): Promise<void> {
  const old = await rows<Sought>(
    context.database,
    `select id::text, key, amount::text, currency, to_json(sent_to)::text as sent_to, ${isoTime("first_sent_at")} as first_sent_at
     from usage_ledger.charges
     where shop = $1::text and state = 'sent' and open_sends > 0 and (
       last_sent_at <= ($2::text)::timestamptz or $3::text <> sent_to[cardinality(sent_to)])`,
    [shop, new Date(Date.parse(now) - OLD).toISOString(), plan.lineItemId],
  );
  if (old.length > 0) await lookUp(context, billing, old, now, signal);
}

/** Charges a shop: looks at its plan, seals the uses that are due, sends the charges and notes their results. */
export async function charge(
  context: LedgerContext,
  shop: string,
  options: CallOptions = {},
): Promise<ChargeReport> {
  checkNames(options, ["signal"]);
  const signal = checkSignal(options.signal);
  signal?.throwIfAborted();
  const claim = await Claim.take(context.database, shop, context.claimFor, context.now(), signal);
  if (!claim) {
    return {
      shop,
      state: "busy",
      sealed: 0,
      charged: 0,
      parked: 0,
      refused: 0,
      unknown: 0,
      lookAt: null,
    };
  }
  try {
    const report = await chargeClaimed(context, claim);
    signal?.throwIfAborted();
    return report;
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    await noteFailure(context, shop, failureOf(error).retryAfter).catch(() => undefined);
    throw error;
  } finally {
    await claim.release().catch(() => undefined); // it expires by itself
  }
}

async function chargeClaimed(context: LedgerContext, claim: Claim): Promise<ChargeReport> {
  const { shop, signal } = claim;
  const now = await currentTime(context);
  const billing = await context.billingFor(shop);
  const found = await look(context, billing, shop, now, signal);
  const total = { sealed: 0, charged: 0, parked: 0, refused: 0, unknown: 0 };
  if (!found.plan) {
    const lookAt = await plan(context, shop, now, {
      state: found.state,
      periodEnd: null,
      retryAfter: null,
    });
    return { shop, state: found.state, ...total, lookAt };
  }
  let current: Plan = found.plan;
  await settleOld(context, billing, shop, current, now, signal);
  total.sealed = await seal(context, {
    shop,
    plan: current,
    now,
    all: isPeriodEnding(context, current, now),
  });
  const skip = new Set<string>();
  let last: Sent | null = null;
  let waits = await sortParked(context, shop, current, now);
  if (waits) {
    await parkSealed(context, shop, current);
    await wake(context, billing, shop, current, now, signal, skip);
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    last = await send(context, billing, claim, current, now);
    total.charged += last.charged;
    total.refused += last.refused;
    total.unknown = last.unknown;
    total.parked += last.capped.size;
    if (last.stopped !== "cap" || claim.isOver) break;
    for (const id of last.capped) skip.add(id);
    await parkSealed(context, shop, current);
    if (round === ROUNDS - 1) break;
    const again = await look(context, billing, shop, now, signal);
    if (!again.plan || again.plan.lineItemId !== current.lineItemId) break;
    current = again.plan;
    if ((await wake(context, billing, shop, current, now, signal, skip)) === 0) break;
  }
  waits = await sortParked(context, shop, current, now);
  const blocked = last?.stopped;
  const state: ShopState =
    blocked && blocked !== "cap" && blocked !== "plan" && blocked !== "failure"
      ? blocked
      : waits
        ? "capped"
        : "ready";
  if (state === "ready" || state === "capped") {
    await noteState(
      context,
      shop,
      state,
      state === "capped" ? "The capped amount is used up" : null,
    );
  }
  const lookAt = await plan(context, shop, now, {
    state,
    periodEnd: current.periodEnd,
    retryAfter: last?.retryAfter ?? null,
  });
  return { shop, state, ...total, lookAt };
}

/** Whether the period ends soon enough to seal everything. */
function isPeriodEnding(
  { beforePeriodEnd }: LedgerContext,
  { periodEnd }: Plan,
  now: string,
): boolean {
  return periodEnd !== null && Date.parse(now) >= Date.parse(periodEnd) - beforePeriodEnd;
}

/** Sets when the shop is due again. */
async function plan(
  { database }: LedgerContext,
  shop: string,
  now: string,
  {
    state,
    periodEnd,
    retryAfter,
  }: { state: ShopState; periodEnd: string | null; retryAfter: number | null },
): Promise<Date | null> {
  const pending = await row<{ unsent: boolean; failures: string }>(
    database,
    `select exists (
       select from usage_ledger.charges where shop = $1::text and state in ('sealed', 'sent')
     ) as unsent, (select failures::text from usage_ledger.shops where shop = $1::text) as failures`,
    [shop],
  );
  const time = Date.parse(now);
  const blocked = state !== "ready" && state !== "capped";
  const again = blocked || pending?.unsent === true;
  const failures = again ? Number(pending?.failures ?? 0) + 1 : 0;
  const times: number[] = [];
  if (blocked) times.push(time + backoff(failures, MINUTE, DAY));
  else if (again) {
    const wait = Math.max(retryAfter ?? 0, backoff(failures, 5000, HOUR));
    times.push(time + Math.min(wait, LONGEST_WAIT));
  }
  if (state === "capped") {
    times.push(time + DAY);
    if (periodEnd !== null) times.push(Date.parse(periodEnd) + MINUTE);
  }
  const lookAt = times.length > 0 ? new Date(Math.min(...times)) : null;
  await row(
    database,
    `update usage_ledger.shops set look_at = ($2::text)::timestamptz, failures = ($3::text)::int
     where shop = $1::text returning shop`,
    [shop, lookAt?.toISOString() ?? null, String(failures)],
  );
  return lookAt;
}

/** Returns the milliseconds to wait, doubled with each failure in a row. */
function backoff(failures: number, least: number, most: number): number {
  return Math.min(most, least * 2 ** Math.min(failures - 1, 20));
}

/** Puts the shop off, longer with each failure to reach Shopify. */
async function noteFailure(
  context: LedgerContext,
  shop: string,
  retryAfter: number | null,
): Promise<void> {
  await row(
    context.database,
    `update usage_ledger.shops set failures = failures + 1,
       look_at = ${timeOf("$2")} + greatest(($3::text)::float, least(3600000, 5000 * 2 ^ least(failures, 20))) * interval '1 millisecond'
     where shop = $1::text returning shop`,
    [shop, context.now(), String(Math.min(retryAfter ?? 0, LONGEST_WAIT))],
  );
}
