import { row } from "./database.js";
import { checkNames, checkTime, checkWhole } from "./input.js";
import type { LedgerContext } from "./options.js";

/** Options of `forget`. */
export interface ForgetOptions {
  /** Only uses that were charged before this. */
  readonly before: Date;
  /** How many uses one call deletes at most. @defaultValue 10000 */
  readonly limit?: number | undefined;
}

/** What `forget` did. */
export interface ForgetReport {
  /** Uses that a call in a day or later will delete. */
  readonly marked: number;
  /** Uses that this call deleted. */
  readonly deleted: number;
}

/** SQL for what remains of a deleted use. */
const DIGEST = "usage_ledger.use_digest(u.shop, u.meter, u.id)";

/** SQL: whether every part of a charge is made or given up. */
const ENDED = `not exists (
  with recursive part as (
    select c.id, c.state, c.settled_at from usage_ledger.charges c where c.id = u.charge
    union all
    select c.id, c.state, c.settled_at from usage_ledger.charges c join part on c.replaces = part.id
  )
  select from part where state not in ('charged', 'replaced', 'waived') or settled_at >= ($1::text)::timestamptz
)`;

const MARK = `with marked as (
  insert into usage_ledger.forgotten_uses (digest, forgotten_at)
  select ${DIGEST}, clock_timestamp() from usage_ledger.uses u
  where u.charge is not null and ${ENDED}
    and not exists (select from usage_ledger.forgotten_uses f where f.digest = ${DIGEST})
  limit ($2::text)::int
  on conflict do nothing
  returning 1
)
select count(*)::text as marked from marked`;

const DELETE = `with deleted as (
  delete from usage_ledger.uses u
  where (u.shop, u.meter, u.id) in (
    select u.shop, u.meter, u.id from usage_ledger.uses u
    join usage_ledger.forgotten_uses f on f.digest = ${DIGEST}
    where u.charge is not null and f.forgotten_at < clock_timestamp() - interval '1 day'
    limit ($1::text)::int
  )
  returning 1
)
select count(*)::text as deleted from deleted`;

/**
 * Deletes uses that have been charged, in two calls at least a day apart.
 *
 * @remarks
 * Not in one: an open transaction that records the same use again would see neither the use nor what
 * remains of it. No transaction is open for a day.
 */
export async function forget(
  { database }: LedgerContext,
  options: ForgetOptions,
): Promise<ForgetReport> {
  checkNames(options, ["before", "limit"]);
  const before = checkTime("before", options.before);
  const limit = checkWhole("limit", options.limit ?? 10_000, 1, 1_000_000);
  const deleted = await row<{ deleted: string }>(database, DELETE, [String(limit)]);
  const marked = await row<{ marked: string }>(database, MARK, [before, String(limit)]);
  return { marked: Number(marked?.marked ?? 0), deleted: Number(deleted?.deleted ?? 0) };
}
