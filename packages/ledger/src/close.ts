import { row, rows, isoTime, timeOf } from "./database.js";
import { decimalsOf } from "./decimals.js";
import type { LedgerContext } from "./options.js";
import { seal } from "./seal.js";

/** What `close` did. */
export interface CloseReport {
  /** Charges that were sealed. They are sent by the next `charge`. */
  readonly sealed: number;
}

const SHOP = `select s.currency, ${isoTime("s.period_start")} as period_start, ${isoTime(timeOf("$2"))} as now
from (select 1) one left join usage_ledger.shops s on s.shop = $1::text`;

const OPEN_CURRENCIES = `select distinct currency from usage_ledger.uses
where charge is null and shop = $1::text order by currency`;

const MAKE_DUE = `insert into usage_ledger.shops as s (shop, look_at) values ($1::text, ($2::text)::timestamptz)
on conflict (shop) do update set look_at = least(s.look_at, excluded.look_at)
returning shop`;

/**
 * Seals everything that is open in the currency of the shop's plan, as last seen.
 *
 * @remarks
 * Does not ask Shopify, which would refuse once the app is uninstalled. If no plan has ever been seen,
 * uses are sealed in their own currencies, and wait for a plan in those.
 */
export async function close(context: LedgerContext, shop: string): Promise<CloseReport> {
  const { database } = context;
  const known = await row<{ currency: string | null; period_start: string | null; now: string }>(
    database,
    SHOP,
    [shop, context.now()],
  );
  if (!known) throw new Error("The shop's statement has returned no row");
  const { period_start: periodStart, now } = known;
  const currencies =
    known.currency === null
      ? await rows<{ currency: string }>(database, OPEN_CURRENCIES, [shop])
      : [{ currency: known.currency }];
  let sealed = 0;
  for (const { currency } of currencies) {
    const plan = { currency, decimals: decimalsOf(currency), periodStart };
    sealed += await seal(context, { shop, plan, now, all: true });
  }
  if (sealed > 0) await row(database, MAKE_DUE, [shop, now]);
  return { sealed };
}
