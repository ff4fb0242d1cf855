import type { Billing } from "./billing.js";
import { row, rows, isoTime } from "./database.js";
import { shortest } from "./decimals.js";
import type { Plan } from "./look.js";
import { lookUp, type Sought } from "./look-up.js";
import type { LedgerContext } from "./options.js";

/** A charge that waits for room under the cap. */
interface Parked extends Sought {
  readonly shop: string;
  readonly meter: string;
  readonly amount: string;
  readonly currency: string;
  readonly sends: string;
  /** Whether a sending of it may still be under way. */
  readonly open: boolean;
  readonly uses: string;
  readonly quantity: string;
  readonly used_from: string;
  readonly used_to: string;
  readonly late: boolean;
}

/** How many parked charges are read at a time. */
const MOST = 1000;

const PARKED = `select id::text, shop, meter, key, amount::text, currency, sends::text,
  to_json(sent_to)::text as sent_to, ${isoTime("first_sent_at")} as first_sent_at,
  open_sends > 0 and last_sent_at > ($3::text)::timestamptz - interval '1 day' as open,
  uses::text, quantity::text, ${isoTime("used_from")} as used_from, ${isoTime("used_to")} as used_to, late
from usage_ledger.charges
where shop = $1::text and currency = $2::text and state = 'parked' and reason = 'cap'
  and id > ($4::text)::bigint
order by id limit ${MOST}`;

/** Converts a decimal string to minor units, without what is smaller. */
function minorUnits(amount: string, decimals: number): bigint {
  const [whole = "0", fraction = ""] = amount.replace("-", "").split(".");
  const units = BigInt(whole + fraction.padEnd(decimals, "0").slice(0, decimals));
  return amount.startsWith("-") ? -units : units;
}

function decimalOf(units: bigint, decimals: number): string {
  const digits = units.toString().padStart(decimals + 1, "0");
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/**
 * Parks sealed charges that were not sent yet, because older ones are parked and come first.
 */
export async function parkSealed(
  { database }: LedgerContext,
  shop: string,
  plan: Plan,
): Promise<void> {
  await row(
    database,
    `update usage_ledger.charges set state = 'parked', reason = 'cap', parked_until = ($3::text)::timestamptz
     where shop = $1::text and currency = $2::text and state = 'sealed' returning id`,
    [shop, plan.currency, plan.periodEnd],
  );
}

/**
 * Parks charges whose currency is not the plan's, releases those whose currency is again, and holds those
 * that stayed parked at the end of their period.
 *
 * @returns whether a charge waits for room under the cap
 */
export async function sortParked(
  { database, afterPeriod }: LedgerContext,
  shop: string,
  plan: Plan,
  now: string,
): Promise<boolean> {
  await row(
    database,
    `update usage_ledger.charges set state = 'parked',
       reason = case when currency = $2::text then 'cap' else 'currency' end
     where shop = $1::text and (
       (state = 'sealed' and currency <> $2::text)
       or (state = 'parked' and reason = 'currency' and currency = $2::text)
       or (state = 'sent' and open_sends = 0 and currency <> $2::text))
     returning id`,
    [shop, plan.currency],
  );
  if (afterPeriod === "hold") {
    await row(
      database,
      `update usage_ledger.charges set reason = 'held'
       where shop = $1::text and state = 'parked' and reason = 'cap'
         and parked_until <= ($2::text)::timestamptz
       returning id`,
      [shop, now],
    );
  }
  const waiting = await row(
    database,
    `select id from usage_ledger.charges
     where shop = $1::text and currency = $2::text and state = 'parked' and reason = 'cap' limit 1`,
    [shop, plan.currency],
  );
  return waiting !== null;
}

const UNPARK = `update usage_ledger.charges
set state = case when sends = 0 then 'sealed' else 'sent' end, reason = null, parked_until = null
where id in (select (json_array_elements_text(($1::text)::json))::bigint) and state = 'parked'
returning id`;

/** Each new key is made of the first key and the id of the charge that is replaced. */
const REPLACE = `with new as materialized (
  select * from json_to_recordset(($1::text)::json)
    as n(id bigint, part text, amount numeric, description text, state text)
), old as (
  update usage_ledger.charges set state = 'replaced', settled_at = ($2::text)::timestamptz
  where id in (select id from new) and state = 'parked'
  returning *
)
insert into usage_ledger.charges (shop, meter, currency, decimals, amount, key, description, uses,
  quantity, used_from, used_to, late, replaces, part, sealed_at, state, reason, parked_until)
select o.shop, o.meter, o.currency, o.decimals, n.amount,
  split_part(o.key, '.', 1) || '.' || o.id || '.' || n.part, coalesce(n.description, o.description),
  o.uses, o.quantity, o.used_from, o.used_to, o.late, o.id, n.part, ($2::text)::timestamptz,
  n.state, case n.state when 'parked' then 'cap' end, case n.state when 'parked' then ($3::text)::timestamptz end
from old o join new n on n.id = o.id
order by o.id, n.part
returning id`;

interface Replacement {
  readonly id: string;
  readonly part: "fit" | "rest" | "again";
  readonly amount: string;
  readonly description: string | null;
  readonly state: "sealed" | "parked";
}

/**
 * Releases parked charges, oldest first, as far as there is room under the cap.
 *
 * @remarks
 * A charge that was never sent keeps its key. A refused one is replaced under a new key, because Shopify
 * may answer a refused key in the same way for ever. Before that, a look-up must show that the old key
 * made nothing, and no sending of it may be under way. If one may be, the charge is sent again with its
 * own key, which is always safe.
 *
 * @param skip - charges that were refused a moment ago: they may be split, but not sent again as they are
 * @returns how many charges can be sent
 */
export async function wake(
  context: LedgerContext,
  billing: Billing,
  shop: string,
  plan: Plan,
  now: string,
  signal: AbortSignal,
  skip: ReadonlySet<string>,
): Promise<number> {
  const { decimals } = plan;
  let room = minorUnits(plan.remaining, decimals);
  let woken = 0;
  let after = "0";
  while (room > 0n) {
    const parked: readonly Parked[] = await rows<Parked>(context.database, PARKED, [
      shop,
      plan.currency,
      now,
      after,
    ]);
    const unpark: string[] = [];
    const replace: { charge: Parked; fit: bigint; amount: bigint }[] = [];
    for (const charge of parked) {
      after = charge.id;
      if (room <= 0n) break;
      const amount = minorUnits(charge.amount, decimals);
      const never = charge.sends === "0";
      if (amount <= room && !skip.has(charge.id)) {
        room -= amount;
        if (never || charge.open) unpark.push(charge.id);
        else replace.push({ charge, fit: amount, amount });
      } else if (amount > room && context.onCap === "split" && (never || !charge.open)) {
        replace.push({ charge, fit: room, amount });
        room = 0n;
      } else if (context.onCap === "split") {
        // In order: a later charge must not take the room of an earlier one.
        room = 0n;
      }
    }
    woken += unpark.length;
    if (unpark.length > 0) await rows(context.database, UNPARK, [JSON.stringify(unpark)]);
    woken += await replaceParked(context, billing, replace, plan, now, signal);
    if (parked.length < MOST) break;
  }
  return woken;
}

async function replaceParked(
  context: LedgerContext,
  billing: Billing,
  replace: readonly { charge: Parked; fit: bigint; amount: bigint }[],
  { decimals, periodEnd }: Plan,
  now: string,
  signal: AbortSignal,
): Promise<number> {
  if (replace.length === 0) return 0;
  const sent = replace.map(({ charge }) => charge).filter(({ sends }) => sends !== "0");
  const missing = sent.length > 0 ? await lookUp(context, billing, sent, now, signal) : [];
  const safe = new Set(missing.map(({ id }) => id));
  const replacements: Replacement[] = [];
  let woken = 0;
  for (const { charge, fit, amount } of replace) {
    if (charge.sends !== "0" && !safe.has(charge.id)) continue;
    woken += 1;
    const part = (part: "fit" | "rest", units: bigint): Replacement => {
      const partAmount = decimalOf(units, decimals);
      const description = context.describe({
        shop: charge.shop,
        meter: charge.meter,
        uses: Number(charge.uses),
        quantity: shortest(charge.quantity),
        amount: partAmount,
        currencyCode: charge.currency,
        from: new Date(charge.used_from),
        to: new Date(charge.used_to),
        late: charge.late,
        part: part === "fit" ? "part" : "rest",
      });
      const state = part === "fit" ? "sealed" : "parked";
      return { id: charge.id, part, amount: partAmount, description, state };
    };
    if (fit === amount) {
      replacements.push({
        id: charge.id,
        part: "again",
        amount: decimalOf(amount, decimals),
        description: null,
        state: "sealed",
      });
    } else replacements.push(part("fit", fit), part("rest", amount - fit));
  }
  if (replacements.length > 0) {
    await rows(context.database, REPLACE, [JSON.stringify(replacements), now, periodEnd]);
  }
  return woken;
}
