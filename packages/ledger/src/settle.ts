import { row, storable } from "./database.js";
import { chargeColumns, factsOf, type ChargeRow } from "./charges.js";
import type { LedgerContext } from "./options.js";

/** A usage record that Shopify has made. */
export interface MadeRecord {
  readonly id: string;
  /** ISO 8601; absent if the response did not contain it. */
  readonly createdAt?: string | null | undefined;
}

const CHARGED = `with settled as (
  update usage_ledger.charges set state = 'charged', reason = null, message = null,
    record_id = $2::text, record_created_at = coalesce(($3::text)::timestamptz, ($4::text)::timestamptz),
    settled_at = ($4::text)::timestamptz, open_sends = 0
  where key = $1::text and state in ('sealed', 'sent', 'parked', 'refused')
  returning *
), used as (
  -- An estimate until the next look, which reads Shopify's own figure.
  update usage_ledger.shops s set balance_used = s.balance_used + c.amount
  from settled c where s.shop = c.shop and s.currency = c.currency and $5::text = 'true'
  returning 1
)
select ${chargeColumns("c")} from settled c`;

// Not in the statement before: that does not see what another worker settled while it waited.
const SETTLED = `select ${chargeColumns("c")}, c.record_id from usage_ledger.charges c where c.key = $1::text`;

/**
 * Settles a charge that Shopify has made.
 *
 * @param fresh - whether the charge is too new to be part of the balance that was last seen
 * @returns whether this call settled it
 */
export async function settleCharged(
  context: LedgerContext,
  key: string,
  record: MadeRecord,
  now: string,
  fresh: boolean,
): Promise<boolean> {
  const charge = await row<ChargeRow>(context.database, CHARGED, [
    key,
    record.id,
    record.createdAt ?? null,
    now,
    String(fresh),
  ]);
  if (charge) {
    context.emit({ type: "charged", ...factsOf(charge), recordId: record.id });
    return true;
  }
  const settled = await row<ChargeRow & { record_id: string | null }>(context.database, SETTLED, [
    key,
  ]);
  // Another worker may have settled it. A second record, or one of a replaced charge, is one too many.
  if (settled && settled.record_id !== record.id) {
    context.emit({ type: "twice", ...factsOf(settled), recordId: record.id });
  }
  return false;
}

const REFUSED = `update usage_ledger.charges c
set state = $2::text, reason = $3::text, message = left($4::text, 1000),
  open_sends = greatest(0, open_sends - ($5::text)::int),
  parked_until = case when $2::text = 'parked' then ($6::text)::timestamptz else parked_until end,
  settled_at = ($7::text)::timestamptz
where id = ($1::text)::bigint and state in ('sent', 'parked')
returning ${chargeColumns("c")}`;

/** Why a charge was not made. */
export interface Refusal {
  readonly state: "parked" | "refused";
  readonly reason: string;
  readonly message: string;
  /** Whether the response proves that this sending made nothing. */
  readonly proven: boolean;
  /** The end of the period, if the charge is parked. */
  readonly until: string | null;
}

/** Parks a charge or leaves it to the app. */
export async function settleRefused(
  context: LedgerContext,
  id: string,
  { state, reason, message, proven, until }: Refusal,
  now: string,
): Promise<void> {
  const charge = await row<ChargeRow>(context.database, REFUSED, [
    id,
    state,
    reason,
    storable(message),
    proven ? "1" : "0",
    until,
    now,
  ]);
  if (!charge) return;
  if (state === "parked") context.emit({ type: "parked", ...factsOf(charge), reason });
  else context.emit({ type: "refused", ...factsOf(charge), reason, message });
}

const HEARD = `update usage_ledger.charges set open_sends = greatest(0, open_sends - 1)
where id in (select (json_array_elements_text(($1::text)::json))::bigint) and state = 'sent'
returning id`;

/** Stores that a sending of each of these charges certainly made nothing. They stay `sent`. */
export async function settleNotApplied(
  context: LedgerContext,
  ids: readonly string[],
): Promise<void> {
  if (ids.length > 0) await row(context.database, HEARD, [JSON.stringify(ids)]);
}
