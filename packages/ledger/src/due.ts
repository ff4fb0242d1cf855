import { rows, timeOf } from "./database.js";
import { WITHOUT_DECIMALS } from "./decimals.js";
import { checkNames, checkWhole } from "./input.js";
import type { LedgerContext } from "./options.js";

/**
 * Finds the accounts with open uses by skipping from one to the next in the index, then the shops of those
 * that are due, and the shops whose next look has come.
 */
const DUE = `with recursive open as (
  (select shop, meter, currency, recorded_at from usage_ledger.uses where charge is null
   order by shop, meter, currency, recorded_at limit 1)
  union all
  select next.* from open cross join lateral (
    select u.shop, u.meter, u.currency, u.recorded_at from usage_ledger.uses u
    where u.charge is null and (u.shop, u.meter, u.currency) > (open.shop, open.meter, open.currency)
    order by u.shop, u.meter, u.currency, u.recorded_at limit 1
  ) next
), time as (
  select ${timeOf("$1")} as now, date_trunc(coalesce($2::text, 'day'), ${timeOf("$1")} at time zone 'UTC') at time zone 'UTC' as boundary
), used as (
  select distinct open.shop from open cross join time
  left join usage_ledger.shops s on s.shop = open.shop
  left join usage_ledger.accounts a
    on a.shop = open.shop and a.meter = open.meter and a.currency = open.currency
  where (s.looked_at is null and s.look_at is null)
    or (s.state = 'ready' and s.failures = 0 and (
      -- The period ends, or has ended; a look every five minutes is enough.
      (time.now >= s.period_end - ($3::text)::interval and s.looked_at < greatest(
        time.now - interval '5 minutes', least(s.period_end - ($3::text)::interval, time.now)))
      or (($2::text is null or open.recorded_at < time.boundary)
        and open.currency = s.currency
        and coalesce(a.carried, 0) + (
          select sum(u.price) from usage_ledger.uses u
          where u.charge is null and u.shop = open.shop and u.meter = open.meter
            and u.currency = open.currency and ($2::text is null or u.recorded_at < time.boundary)
        ) >= greatest(($4::text)::numeric,
          case when open.currency in (select json_array_elements_text(($6::text)::json))
            then 1 else 0.01 end))))
)
select d.shop from (
  select shop from used
  union
  select shop from usage_ledger.shops cross join time where look_at <= time.now
) d
left join usage_ledger.shops s on s.shop = d.shop
where (s.claimed_until is null or s.claimed_until <= clock_timestamp())
order by s.looked_at nulls first limit ($5::text)::int`;

/** Options of `due`. */
export interface DueOptions {
  /** How many shops to return at most. @defaultValue 100 */
  readonly limit?: number | undefined;
}

/** Returns the shops that `charge` has work for, the one looked at longest ago first. */
export async function due(
  context: LedgerContext,
  options: DueOptions = {},
): Promise<readonly string[]> {
  checkNames(options, ["limit"]);
  const limit = checkWhole("limit", options.limit ?? 100, 1, 1_000_000);
  const { rollUp, beforePeriodEnd } = context;
  const every = typeof rollUp === "object" && "every" in rollUp ? rollUp.every : null;
  const atLeast = typeof rollUp === "object" && "atLeast" in rollUp ? rollUp.atLeast : "0";
  const found = await rows<{ shop: string }>(context.database, DUE, [
    context.now(),
    every,
    `${beforePeriodEnd} milliseconds`,
    atLeast,
    String(limit),
    JSON.stringify([...WITHOUT_DECIMALS]),
  ]);
  return found.map(({ shop }) => shop);
}
