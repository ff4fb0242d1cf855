import { isoTime, row, rows } from "./database.js";
import { shortest } from "./decimals.js";
import type { LedgerContext, RollUp } from "./options.js";
import type { Plan } from "./look.js";

/** The sums of uses that can be sealed into a charge. */
interface Group {
  readonly uses: string;
  readonly quantity: string;
  readonly uses_amount: string;
  readonly amount: string;
  readonly carried_in: string;
  readonly carried_out: string;
  readonly used_from: string;
  readonly used_to: string;
  readonly late: boolean;
  /** The ids of its uses as a JSON list; `null` for all open ones up to `last`. */
  readonly ids: string | null;
  readonly last: string;
  /** Whether all of its uses are of earlier periods. */
  readonly late_only?: boolean;
}

/** An account as it was read, for the statement that seals it. */
interface Account {
  readonly meter: string;
  readonly carried: string;
  readonly version: string;
}

/** How many charges one statement seals at most. */
const BATCH = 500;
/** How often a roll-up is added up again because its uses have changed meanwhile. */
const TRIES = 10;

const ACCOUNTS = `with recursive open as (
  (select meter from usage_ledger.uses
   where charge is null and shop = $1::text and currency = $2::text order by meter limit 1)
  union all
  select (select u.meter from usage_ledger.uses u
    where u.charge is null and u.shop = $1::text and u.currency = $2::text and u.meter > open.meter
    order by u.meter limit 1)
  from open where open.meter is not null
), made as (
  insert into usage_ledger.accounts (shop, meter, currency)
  select $1::text, meter, $2::text from open where meter is not null
  on conflict do nothing returning meter, carried, version
)
select meter, carried::text, version::text from made
union all
select a.meter, a.carried::text, a.version::text from open join usage_ledger.accounts a
  on a.shop = $1::text and a.meter = open.meter and a.currency = $2::text`;

const ACCOUNT = `select meter, carried::text, version::text from usage_ledger.accounts
where shop = $1::text and meter = $2::text and currency = $3::text`;

const OPEN = `from usage_ledger.uses u
where u.charge is null and u.shop = $1::text and u.meter = $2::text and u.currency = $3::text`;

/**
 * Adds up the uses of earlier periods, as a charge of their own if they make one; otherwise all together.
 */
const ROLLED_UP = `select count(*)::text as uses, sum(quantity)::text as quantity,
  sum(price)::text as uses_amount, ($4::text)::numeric::text as carried_in,
  trunc(($4::text)::numeric + sum(price), ($5::text)::int)::text as amount,
  (($4::text)::numeric + sum(price)
    - trunc(($4::text)::numeric + sum(price), ($5::text)::int))::text as carried_out,
  ${isoTime("min(used_at)")} as used_from, ${isoTime("max(used_at)")} as used_to,
  bool_or(is_late) as late, null as ids, max(seq)::text as last, grouping(is_late) = 0 as late_only
from (
  select u.*, coalesce(u.used_at < ($6::text)::timestamptz, false) as is_late ${OPEN}
    and ($7::text is null or u.recorded_at < ($7::text)::timestamptz)
) open
group by grouping sets ((is_late), ())
having (grouping(is_late) = 1 or is_late)
  and trunc(($4::text)::numeric + sum(price), ($5::text)::int) > 0
  and ($8::text is null or ($4::text)::numeric + sum(price) >= ($8::text)::numeric)
order by grouping(is_late) limit 1`;

/**
 * Makes one charge for each use that completes a cent; uses worth less join the next that does.
 *
 * `reached` is the total charged once a use is counted: the highest value of the sum so far.
 */
const EACH = `with open as (
  select u.id, u.price, u.quantity, u.used_at, row_number() over (order by u.recorded_at, u.seq) as n
  from (select * ${OPEN} order by u.recorded_at, u.seq limit ($7::text)::int) u
), counted as (
  select *, greatest(0, max(trunc(($4::text)::numeric + running, ($5::text)::int)) over (order by n)) as reached
  from (select *, sum(price) over (order by n) as running from open) o
), grouped as (
  select *, coalesce(lag(reached) over (order by n), 0) as before from counted
), groups as (
  select before, count(*) as uses, sum(quantity) as quantity, sum(price) as uses_amount,
    max(reached) - before as amount, min(used_at) as used_from, max(used_at) as used_to,
    coalesce(bool_or(used_at < ($6::text)::timestamptz), false) as late,
    json_agg(id order by n)::text as ids, max(n) as last
  from grouped group by before having max(reached) > before
)
select uses::text, quantity::text, uses_amount::text, amount::text,
  (($4::text)::numeric + coalesce(sum(uses_amount - amount) over (order by last rows between unbounded preceding and 1 preceding), 0))::text as carried_in,
  (($4::text)::numeric + sum(uses_amount - amount) over (order by last))::text as carried_out,
  ${isoTime("used_from")} as used_from, ${isoTime("used_to")} as used_to, late, ids, last::text
from groups order by groups.last`;

const INPUT = `input as materialized (
  select * from json_to_recordset(($1::text)::json) as i(
    n int, key text, description text, uses bigint, quantity numeric, uses_amount numeric,
    amount numeric, carried_in numeric, carried_out numeric, used_from timestamptz,
    used_to timestamptz, late boolean, ids json)
)`;

/** Seals only if the uses and the account have not changed since the charges were computed. */
function sealing(picked: string): string {
  return `with ${INPUT}, picked as materialized (${picked}),
checked as (
  select from (select n, count(*) as uses, sum(price) as price from picked group by n) p
  full join input i on i.n = p.n
  having bool_and(coalesce(p.uses = i.uses and p.price = i.uses_amount, false))
), moved as (
  update usage_ledger.accounts a
  set version = version + 1, carried = (select carried_out from input order by n desc limit 1)
  where a.shop = $2::text and a.meter = $3::text and a.currency = $4::text
    and a.version = ($5::text)::bigint
    and a.carried = (select carried_in from input order by n limit 1)
    and exists (select from checked)
  returning 1
), sealed as (
  insert into usage_ledger.charges (shop, meter, currency, decimals, amount, key, description, uses,
    quantity, used_from, used_to, late, uses_amount, carried_in, carried_out, sealed_at)
  select $2::text, $3::text, $4::text, ($6::text)::smallint, amount, key, description, uses,
    quantity, used_from, used_to, late, uses_amount, carried_in, carried_out, ($7::text)::timestamptz
  from input where exists (select from moved) order by n
  returning id, key
), moved_uses as (
  update usage_ledger.uses u set charge = s.id
  from picked p join input i on i.n = p.n join sealed s on s.key = i.key
  where u.shop = $2::text and u.meter = $3::text and u.id = p.id
  returning 1
)
select (select count(*) from sealed)::text as charges, (select count(*) from moved_uses)::text as uses`;
}

const SEAL_EACH = sealing(`
  select u.id, u.price, i.n from input i
  cross join lateral json_array_elements_text(i.ids) as used(id)
  join usage_ledger.uses u on u.shop = $2::text and u.meter = $3::text and u.id = used.id
  where u.charge is null and u.currency = $4::text
  for update of u`);

const SEAL_ROLLED_UP = sealing(`
  select u.id, u.price, i.n from input i
  join usage_ledger.uses u on u.charge is null and u.shop = $2::text and u.meter = $3::text
    and u.currency = $4::text and u.seq <= ($8::text)::bigint
    and ($9::text is null or u.recorded_at < ($9::text)::timestamptz)
    and ($10::text is null or u.used_at < ($10::text)::timestamptz)
  for update of u`);

/** Returns the time before which uses must be recorded to be due; `null` if all are due. */
function dueBefore(rollUp: RollUp, now: string): string | null {
  if (typeof rollUp === "string" || !("every" in rollUp)) return null;
  const boundary = new Date(now);
  boundary.setUTCMinutes(0, 0, 0);
  if (rollUp.every === "day") boundary.setUTCHours(0);
  return boundary.toISOString();
}

/** What to seal. */
export interface Sealing {
  readonly shop: string;
  readonly plan: Pick<Plan, "currency" | "decimals" | "periodStart">;
  readonly now: string;
  /** Whether everything open is due, because the period ends or the app called `close`. */
  readonly all: boolean;
}

/**
 * Seals the uses that are due: gives each charge its key, price, currency and description in one statement.
 *
 * @returns the number of charges that were sealed
 */
export async function seal(context: LedgerContext, sealing: Sealing): Promise<number> {
  const accounts = await rows<Account>(context.database, ACCOUNTS, [
    sealing.shop,
    sealing.plan.currency,
  ]);
  let sealed = 0;
  for (const account of accounts) sealed += await sealAccount(context, sealing, account);
  return sealed;
}

async function sealAccount(
  context: LedgerContext,
  sealing: Sealing,
  account: Account,
): Promise<number> {
  const { shop, plan } = sealing;
  let current: Account | null = account;
  let total = 0;
  let tries = 0;
  let limit = BATCH;
  while (current && tries < TRIES) {
    const groups = await due(context, sealing, current, limit);
    if (groups.length === 0) {
      // This many uses are worth less than a cent together; the next ones may complete it.
      if (context.rollUp !== "each" || limit > 1_000_000) return total;
      if (!(await hasMore(context, shop, account.meter, plan.currency, limit))) return total;
      limit *= 10;
      continue;
    }
    const charges = await sealGroups(context, sealing, current, groups);
    if (charges === 0) tries += 1;
    else tries = 0;
    total += charges;
    current = await row<Account>(context.database, ACCOUNT, [shop, account.meter, plan.currency]);
  }
  return total;
}

async function hasMore(
  { database }: LedgerContext,
  shop: string,
  meter: string,
  currency: string,
  limit: number,
): Promise<boolean> {
  const more = await row(
    database,
    `select u.id ${OPEN} order by u.recorded_at, u.seq offset ($4::text)::int limit 1`,
    [shop, meter, currency, String(limit)],
  );
  return more !== null;
}

/** Adds up the uses that are due. */
async function due(
  { database, rollUp }: LedgerContext,
  { shop, plan, now, all }: Sealing,
  { meter, carried }: Account,
  limit: number,
): Promise<readonly Group[]> {
  const values = [shop, meter, plan.currency, carried, String(plan.decimals), plan.periodStart];
  // In a period that has not begun yet, as in a trial, nothing is late.
  if (plan.periodStart !== null && plan.periodStart > now) values[5] = null;
  if (rollUp === "each") return await rows<Group>(database, EACH, [...values, String(limit)]);
  const threshold = "atLeast" in rollUp && !all ? rollUp.atLeast : null;
  return await rows<Group>(database, ROLLED_UP, [
    ...values,
    all ? null : dueBefore(rollUp, now),
    threshold,
  ]);
}

async function sealGroups(
  context: LedgerContext,
  { shop, plan, now, all }: Sealing,
  { meter, version }: Account,
  groups: readonly Group[],
): Promise<number> {
  const { currency, decimals } = plan;
  const input = groups.map((group, n) => ({
    ...group,
    n,
    ids: group.ids === null ? null : (JSON.parse(group.ids) as unknown),
    key: crypto.randomUUID(),
    description: context.describe({
      shop,
      meter,
      uses: Number(group.uses),
      quantity: shortest(group.quantity),
      amount: group.amount,
      currencyCode: currency,
      from: new Date(group.used_from),
      to: new Date(group.used_to),
      late: group.late,
      part: "whole",
    }),
  }));
  const values = [JSON.stringify(input), shop, meter, currency, version, String(decimals), now];
  const [first] = groups;
  const done =
    first?.ids === null
      ? await row<{ charges: string; uses: string }>(context.database, SEAL_ROLLED_UP, [
          ...values,
          first.last,
          all ? null : dueBefore(context.rollUp, now),
          first.late_only === true ? plan.periodStart : null,
        ])
      : await row<{ charges: string; uses: string }>(context.database, SEAL_EACH, values);
  const charges = Number(done?.charges ?? 0);
  if (charges > 0) {
    context.emit({ type: "sealed", shop, meter, charges, uses: Number(done?.uses ?? 0) });
  }
  return charges;
}
