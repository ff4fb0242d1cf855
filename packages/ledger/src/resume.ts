import { row, timeOf } from "./database.js";
import { checkBoolean, checkKeys, checkNames } from "./input.js";
import type { LedgerContext } from "./options.js";

/** Options of `resume`. */
export interface ResumeOptions {
  /** Whether to charge in this period what stayed parked at the end of an earlier one. @defaultValue false */
  readonly held?: boolean | undefined;
  /**
   * Whether to send refused charges again, or the keys of those to send. Each gets a new key once a
   * look-up has shown that the old one made nothing. @defaultValue false
   */
  readonly refused?: boolean | readonly string[] | undefined;
}

/** What `resume` did. */
export interface ResumeReport {
  /** Charges that will be sent again. */
  readonly charges: number;
}

const RESUME = `with shop as (
  insert into usage_ledger.shops as s (shop, look_at) values ($1::text, ${timeOf("$2")})
  on conflict (shop) do update set look_at = excluded.look_at, failures = 0
  returning 1
), charges as (
  update usage_ledger.charges set state = 'parked', reason = 'cap', parked_until = null
  where shop = $1::text and exists (select from shop) and (
    ($3::text = 'true' and state = 'parked' and reason = 'held')
    or (state = 'refused' and ($4::text = 'true' or key in (select json_array_elements_text(($5::text)::json)))))
  returning 1
)
select (select count(*) from charges)::text as charges`;

/** Makes a shop due at once, and releases charges that were waiting for the app. */
export async function resume(
  context: LedgerContext,
  shop: string,
  options: ResumeOptions = {},
): Promise<ResumeReport> {
  checkNames(options, ["held", "refused"]);
  const { held = false, refused = false } = options;
  checkBoolean("held", held);
  const keys =
    typeof refused === "boolean"
      ? []
      : checkKeys("refused", refused, "a boolean or a list of keys");
  const resumed = await row<{ charges: string }>(context.database, RESUME, [
    shop,
    context.now(),
    String(held),
    String(refused === true),
    JSON.stringify(keys),
  ]);
  return { charges: Number(resumed?.charges ?? 0) };
}
