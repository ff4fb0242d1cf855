import { row, isoTime } from "./database.js";
import { checkNames, checkSignal, checkWhole, DAY } from "./input.js";
import { look } from "./look.js";
import type { LedgerContext } from "./options.js";
import type { ShopState } from "./shop.js";

/** Options of `balance`. */
export interface BalanceOptions {
  /**
   * The age in milliseconds up to which the last look at Shopify is good enough; 0 always asks.
   * @defaultValue 300000, five minutes
   */
  readonly maxAge?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a shop has used. Amounts are decimal strings in `currencyCode`. */
export interface Balance {
  readonly shop: string;
  readonly state: ShopState;
  /** What stands in the way of charging, in words; `null` if nothing does. */
  readonly reason: string | null;
  /** The currency of the plan; `null` if no plan has been seen. */
  readonly currencyCode: string | null;
  /** Used, but not sealed into a charge yet. May have more decimals than the currency. */
  readonly open: string;
  /** Sealed, but not known to be charged. */
  readonly sealed: string;
  /** Charged since the period began. */
  readonly charged: string;
  /** Waiting for room under the cap, or for another plan. */
  readonly parked: string;
  /** Waiting for the app to decide: parked past the end of its period, or refused by Shopify. */
  readonly held: string;
  /** The cap and how much of it is used: what Shopify reported last, plus the charges made since. `null` without a plan. */
  readonly cappedAmount: string | null;
  readonly balanceUsed: string | null;
  /** What can still be used: the cap less everything used so far. Negative if more was used. `null` without a plan. */
  readonly available: string | null;
  /** When the billing period ends; `null` if unknown. */
  readonly periodEnd: Date | null;
  /** When Shopify was last asked; `null` if it never was. */
  readonly lookedAt: Date | null;
  /** What was used in currencies other than the plan's. It waits for a plan in those. */
  readonly otherCurrencies: readonly { readonly currencyCode: string; readonly amount: string }[];
}

const BALANCE = `with shop as (
  select s.* from (select 1) one left join usage_ledger.shops s on s.shop = $1::text
), open as (
  select currency, sum(amount) as amount from (
    select currency, price as amount from usage_ledger.uses where shop = $1::text and charge is null
    union all
    select currency, carried from usage_ledger.accounts where shop = $1::text
  ) o group by currency
), unsettled as (
  select currency,
    coalesce(sum(amount) filter (where state in ('sealed', 'sent')), 0) as sealed,
    coalesce(sum(amount) filter (where state = 'parked' and reason <> 'held'), 0) as parked,
    coalesce(sum(amount) filter (where state = 'refused' or reason = 'held'), 0) as held
  from usage_ledger.charges
  where shop = $1::text and state in ('sealed', 'sent', 'parked', 'refused') group by currency
), charged as (
  select coalesce(sum(c.amount), 0) as amount
  from shop join usage_ledger.charges c on c.shop = $1::text and c.state = 'charged'
    and c.currency = shop.currency and (shop.period_start is null or c.record_created_at >= shop.period_start)
), other as (
  select currency, sum(amount) as amount from (
    select currency, amount from open
    union all
    select currency, sealed + parked + held from unsettled
  ) o where currency is distinct from (select currency from shop) group by currency having sum(amount) <> 0
)
select coalesce(s.state, 'ready') as state, s.reason, s.currency,
  coalesce(o.amount, 0)::text as open, coalesce(u.sealed, 0)::text as sealed,
  c.amount::text as charged, coalesce(u.parked, 0)::text as parked, coalesce(u.held, 0)::text as held,
  s.capped_amount::text, s.balance_used::text,
  (s.capped_amount - s.balance_used - coalesce(o.amount, 0) - coalesce(u.sealed, 0)
    - coalesce(u.parked, 0))::text as available,
  ${isoTime("s.period_end")} as period_end, ${isoTime("s.looked_at")} as looked_at,
  coalesce(s.looked_at >= coalesce(($2::text)::timestamptz, clock_timestamp()) - ($3::text)::interval
    and (s.period_end is null or s.period_end > coalesce(($2::text)::timestamptz, clock_timestamp())), false) as fresh,
  (select coalesce(json_agg(json_build_object('currencyCode', currency, 'amount', amount::text)), '[]')
   from other)::text as other
from shop s cross join charged c
left join open o on o.currency = s.currency left join unsettled u on u.currency = s.currency`;

interface BalanceRow {
  readonly state: ShopState;
  readonly reason: string | null;
  readonly currency: string | null;
  readonly open: string;
  readonly sealed: string;
  readonly charged: string;
  readonly parked: string;
  readonly held: string;
  readonly capped_amount: string | null;
  readonly balance_used: string | null;
  readonly available: string | null;
  readonly period_end: string | null;
  readonly looked_at: string | null;
  readonly fresh: boolean;
  readonly other: string;
}

/** Returns what a shop has used, and asks Shopify first if the last look is too old. */
export async function balance(
  context: LedgerContext,
  shop: string,
  options: BalanceOptions = {},
): Promise<Balance> {
  checkNames(options, ["maxAge", "signal"]);
  const maxAge = checkWhole("maxAge", options.maxAge ?? 300_000, 0, 365 * DAY);
  const signal = checkSignal(options.signal) ?? new AbortController().signal;
  const read = async (): Promise<BalanceRow | null> =>
    await row<BalanceRow>(context.database, BALANCE, [
      shop,
      context.now(),
      `${maxAge} milliseconds`,
    ]);
  let found = await read();
  if (found?.fresh !== true) {
    await row(
      context.database,
      "insert into usage_ledger.shops (shop) values ($1::text) on conflict do nothing returning shop",
      [shop],
    );
    const billing = await context.billingFor(shop);
    const now = context.now() ?? new Date().toISOString();
    await look(context, billing, shop, now, signal);
    found = await read();
  }
  if (!found) throw new Error("The balance's statement has returned no row");
  const date = (time: string | null): Date | null => (time === null ? null : new Date(time));
  return {
    shop,
    state: found.state,
    reason: found.reason,
    currencyCode: found.currency,
    open: found.open,
    sealed: found.sealed,
    charged: found.charged,
    parked: found.parked,
    held: found.held,
    cappedAmount: found.capped_amount,
    balanceUsed: found.balance_used,
    available: found.available,
    periodEnd: date(found.period_end),
    lookedAt: date(found.looked_at),
    otherCurrencies: JSON.parse(found.other) as Balance["otherCurrencies"],
  };
}
