import { isoTime, isStorable, row, rows, timeOf } from "./database.js";
import { shortest } from "./decimals.js";
import { checkNames, checkSignal, checkTime } from "./input.js";
import { settleCharged } from "./settle.js";
import type { Billing, Money, RecordFacts } from "./billing.js";
import type { LedgerContext } from "./options.js";

/** Options of `reconcile`. */
export interface ReconcileOptions {
  /** Leaves out records that were made, and charges that were settled, before this. */
  readonly since: Date | string;
  readonly signal?: AbortSignal | undefined;
}

/** A usage record at Shopify. */
export interface ReconciledRecord {
  readonly id: string;
  readonly createdAt: string;
  readonly idempotencyKey: string | null;
  readonly description: string;
  readonly price: Money;
}

/** A charge of the ledger. */
export interface ReconciledCharge {
  readonly key: string;
  readonly meter: string;
  readonly amount: string;
  readonly currencyCode: string;
  readonly state: string;
  readonly recordId: string | null;
}

/** A difference between the ledger and Shopify. */
export type Difference =
  /** The charge is made according to the ledger, but Shopify has no record of it. */
  | { readonly type: "missing"; readonly charge: ReconciledCharge }
  /** Shopify has a record that does not come from the ledger. */
  | { readonly type: "foreign"; readonly record: ReconciledRecord }
  /**
   * Both have it, but it differs: another price, a second record under one key, or a record of a charge
   * that was replaced or waived.
   */
  | {
      readonly type: "differs";
      readonly reason: "price" | "twice" | "replaced" | "waived";
      readonly charge: ReconciledCharge;
      readonly record: ReconciledRecord;
    };

interface ChargeOfKey {
  readonly key: string;
  readonly meter: string;
  readonly amount: string;
  readonly currency: string;
  readonly state: string;
  readonly record_id: string | null;
}

const CHARGE_COLUMNS = "key, meter, amount::text, currency, state, record_id";

// Stored in the row, not in memory: a hundred thousand records take no more memory than a page.
const SEEN = `with keys as (select json_array_elements_text(($2::text)::json) as key), seen as (
  update usage_ledger.charges c set reconciled_at = ($3::text)::timestamptz
  from keys where c.shop = $1::text and c.key = keys.key and c.state = 'charged'
  returning c.id
)
select ${CHARGE_COLUMNS} from usage_ledger.charges c join keys using (key) where c.shop = $1::text`;

const UNSEEN = `select id::text, ${CHARGE_COLUMNS} from usage_ledger.charges
where shop = $1::text and state = 'charged' and id > ($2::text)::bigint
  and record_created_at >= ($3::text)::timestamptz
  and settled_at < ($4::text)::timestamptz
  and (reconciled_at is null or reconciled_at < ($4::text)::timestamptz)
order by id limit 250`;

function chargeOf({
  key,
  meter,
  amount,
  currency,
  state,
  record_id,
}: ChargeOfKey): ReconciledCharge {
  return { key, meter, amount, currencyCode: currency, state, recordId: record_id };
}

function recordOf({
  id,
  createdAt,
  idempotencyKey,
  description,
  price,
}: RecordFacts): ReconciledRecord {
  return { id, createdAt, idempotencyKey, description, price };
}

/** Clocks differ: a charge settled around `since` may be this much older at Shopify, in milliseconds. */
const MARGIN = 10 * 60_000;

/** Compares the ledger with Shopify, and settles charges of unknown result that it finds. */
export async function* reconcile(
  context: LedgerContext,
  shop: string,
  options: ReconcileOptions,
): AsyncGenerator<Difference, void, undefined> {
  checkNames(options, ["since", "signal"]);
  const from = checkTime("since", options.since);
  const signal = checkSignal(options.signal) ?? new AbortController().signal;
  const { database } = context;
  const started = await row<{ now: string; machine: string }>(
    database,
    `select ${isoTime(timeOf("$1"))} as now, ${isoTime("clock_timestamp()")} as machine`,
    [context.now()],
  );
  if (!started) throw new Error("The clock's statement has returned no row");
  const billing = await context.billingFor(shop);
  for await (const page of recordPages(billing, Date.parse(from), signal)) {
    yield* comparePage(context, shop, page, started.now);
  }
  // Only charges settled before the reading began: later ones may be missing from pages already read.
  let after = "0";
  for (;;) {
    const unseen = await rows<ChargeOfKey & { id: string }>(database, UNSEEN, [
      shop,
      after,
      new Date(Date.parse(from) + MARGIN).toISOString(),
      started.now,
    ]);
    for (const charge of unseen) yield { type: "missing", charge: chargeOf(charge) };
    const last = unseen.at(-1);
    if (!last) return;
    after = last.id;
  }
}

/** The records of all usage line items, newest first, until they are older than `since`. */
async function* recordPages(
  billing: Billing,
  since: number,
  signal: AbortSignal,
): AsyncGenerator<readonly RecordFacts[], void, undefined> {
  for await (const subscription of billing.subscriptions({ reverse: true }, { signal })) {
    const usage = subscription.lineItems.some(
      ({ plan }) => plan.pricingDetails.__typename === "AppUsagePricing",
    );
    if (!usage) continue;
    const records = billing.usageRecords(
      { subscriptionId: subscription.id, reverse: true },
      { signal },
    );
    for await (const page of records.pages()) {
      const recent = page.filter(({ createdAt }) => Date.parse(createdAt) >= since);
      if (recent.length > 0) yield recent;
      if (recent.length < page.length) break;
    }
  }
}

async function* comparePage(
  context: LedgerContext,
  shop: string,
  page: readonly RecordFacts[],
  now: string,
): AsyncGenerator<Difference, void, undefined> {
  const keys = page
    .map(({ idempotencyKey }) => idempotencyKey)
    .filter((key) => key !== null && isStorable(key));
  const found = await rows<ChargeOfKey>(context.database, SEEN, [shop, JSON.stringify(keys), now]);
  const charges = new Map(found.map((charge) => [charge.key, charge]));
  for (const record of page) {
    const charge = record.idempotencyKey === null ? undefined : charges.get(record.idempotencyKey);
    if (!charge) {
      yield { type: "foreign", record: recordOf(record) };
      continue;
    }
    if (charge.state !== "charged" && charge.state !== "replaced" && charge.state !== "waived") {
      // The record proves that the charge was made.
      await settleCharged(context, charge.key, record, now, false);
      await rows(context.database, SEEN, [shop, JSON.stringify([charge.key]), now]);
    }
    const reason = differenceOf(charge, record);
    if (reason)
      yield { type: "differs", reason, charge: chargeOf(charge), record: recordOf(record) };
  }
}

function differenceOf(
  { state, amount, currency, record_id }: ChargeOfKey,
  { id, price }: RecordFacts,
): "price" | "twice" | "replaced" | "waived" | null {
  if (state === "replaced" || state === "waived") return state;
  if (record_id !== null && record_id !== id) return "twice";
  return shortest(price.amount) === shortest(amount) && price.currencyCode === currency
    ? null
    : "price";
}
