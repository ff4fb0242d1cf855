import { row, isoTime, timeOf } from "./database.js";
import { decimalsOf } from "./decimals.js";
import type { LedgerContext } from "./options.js";
import { seal } from "./seal.js";

/** What `close` did. */
export interface CloseReport {
  /** Charges that were sealed. They are sent by the next `charge`. */
  readonly sealed: number;
}

/** Seals all that is open in the currency of the shop's plan, as last seen. */
export async function close(context: LedgerContext, shop: string): Promise<CloseReport> {
  const known = await row<{ currency: string | null; period_start: string | null; now: string }>(
    context.database,
    `select s.currency, ${isoTime("s.period_start")} as period_start, ${isoTime(timeOf("$2"))} as now
     from (select 1) one left join usage_ledger.shops s on s.shop = $1::text`,
    [shop, context.now()],
  );
  // Without a plan that was ever seen there is no currency to seal in: what is open stays open.
  if (!known || known.currency === null) return { sealed: 0 };
  const sealed = await seal(context, {
    shop,
    plan: {
      currency: known.currency,
      decimals: decimalsOf(known.currency),
      periodStart: known.period_start,
    },
    now: known.now,
    all: true,
  });
  if (sealed > 0) {
    await row(
      context.database,
      `update usage_ledger.shops set look_at = least(look_at, ($2::text)::timestamptz)
       where shop = $1::text returning shop`,
      [shop, known.now],
    );
  }
  return { sealed };
}
