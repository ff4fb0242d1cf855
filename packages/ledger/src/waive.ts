import { rows } from "./database.js";
import { checkKeys, checkNames } from "./input.js";
import type { LedgerContext } from "./options.js";

/** Options of `waive`. */
export interface WaiveOptions {
  /** `"held"` for all that stayed parked at the end of their period, `"refused"` for all that Shopify refused, or their keys. */
  readonly charges: "held" | "refused" | readonly string[];
}

const WAIVE = `update usage_ledger.charges set state = 'waived', settled_at = clock_timestamp()
where shop = $1::text and state in ('parked', 'refused') and open_sends = 0 and (
  ($2::text = 'held' and state = 'parked' and reason = 'held')
  or ($2::text = 'refused' and state = 'refused')
  or key in (select json_array_elements_text(($3::text)::json)))
returning id::text`;

/** Gives up charges that wait for the app, and returns how many. */
export async function waive(
  { database }: LedgerContext,
  shop: string,
  options: WaiveOptions,
): Promise<number> {
  checkNames(options, ["charges"]);
  const { charges } = options;
  const isKind = charges === "held" || charges === "refused";
  const list = isKind ? [] : checkKeys("charges", charges, '"held", "refused" or a list of keys');
  const waived = await rows(database, WAIVE, [
    shop,
    isKind ? charges : "keys",
    JSON.stringify(list),
  ]);
  return waived.length;
}
