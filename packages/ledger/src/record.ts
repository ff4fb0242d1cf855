import type { Money } from "./billing.js";
import type { Statement } from "./database.js";
import { InvalidUsageError } from "./errors.js";
import { checkDecimal, checkName, checkShop, checkTime, mustBe } from "./input.js";

/** An amount: a decimal string with any number of decimals, or a number. */
export interface PriceValue {
  readonly amount: string | number;
  readonly currencyCode: string;
}

interface UseFacts {
  /** `example.myshopify.com` */
  readonly shop: string;
  /** What is counted, such as `"emails"`. Uses of the same meter are charged together. */
  readonly meter: string;
  /**
   * Unique for ever within shop and meter, such as the id of the order or event, so that the use counts
   * once however often it is recorded.
   */
  readonly id: string;
  /** Multiplied by `unitPrice`; with `price`, only shown in the description. @defaultValue 1 */
  readonly quantity?: string | number | undefined;
  /** When it was used, in the years 1 to 9999. @defaultValue the transaction's time */
  readonly usedAt?: Date | string | undefined;
}

/**
 * A use to record, with its total price or its price per unit.
 *
 * @remarks
 * A price may have any number of decimals. It may be zero (a free allowance) or negative (a correction
 * of an earlier use, which reduces what is open).
 */
export type Use = UseFacts &
  (
    | { /** The total price. */ readonly price: PriceValue; readonly unitPrice?: undefined }
    | {
        /** The price of one unit, multiplied exactly by `quantity`. */ readonly unitPrice: PriceValue;
        readonly price?: undefined;
      }
  );

/** The row that the statement of `record` returns. */
export interface RecordedRow {
  /** How many uses are new. */
  readonly recorded: number;
  /** How many uses were recorded before with another price or currency. They stay as they were. */
  readonly differing: number;
}

const CURRENCY = /^[A-Z]{3,4}$/;

function checkPrice(field: string, price: PriceValue): Money {
  if (typeof price !== "object" || price === null) {
    throw mustBe(field, "an amount with its currencyCode", price);
  }
  const { amount, currencyCode } = price;
  if (typeof currencyCode !== "string" || !CURRENCY.test(currencyCode)) {
    throw mustBe(`${field}.currencyCode`, 'a code such as "USD"', currencyCode);
  }
  return { amount: checkDecimal(`${field}.amount`, amount), currencyCode };
}

interface UseRow {
  readonly shop: string;
  readonly meter: string;
  readonly id: string;
  readonly quantity: string;
  readonly price: string | null;
  readonly unit_price: string | null;
  readonly currency: string;
  readonly used_at: string | null;
  readonly now: string | null;
}

function isList(uses: Use | readonly Use[]): uses is readonly Use[] {
  return Array.isArray(uses);
}

function rowOf(use: Use, now: string | null): UseRow {
  if (typeof use !== "object" || use === null) throw mustBe("use", "an object", use);
  const { price, unitPrice } = use;
  if (price !== undefined && unitPrice !== undefined) {
    throw new InvalidUsageError("price", "and unitPrice are both given; give one of them");
  }
  if (price === undefined && unitPrice === undefined) {
    throw new InvalidUsageError("price", "is missing; give it, or unitPrice instead");
  }
  const money =
    price === undefined ? checkPrice("unitPrice", unitPrice) : checkPrice("price", price);
  return {
    shop: checkShop(use.shop),
    meter: checkName("meter", use.meter, "emails"),
    id: checkName("id", use.id, "order-1234"),
    quantity: checkDecimal("quantity", use.quantity ?? 1),
    price: price === undefined ? null : money.amount,
    unit_price: price === undefined ? money.amount : null,
    currency: money.currencyCode,
    used_at: use.usedAt === undefined ? null : checkTime("usedAt", use.usedAt),
    now,
  };
}

// One parameter of JSON text: the statement is the same for one use and for a thousand, and every driver
// passes it in the same way.
const RECORD = "call usage_ledger.record(($1::text)::json)";

/** Returns the statement that records uses. */
export function record(uses: Use | readonly Use[], now: string | null): Statement {
  const list: readonly Use[] = isList(uses) ? uses : [uses];
  const given = new Map<string, UseRow>();
  for (const use of list) {
    const row = rowOf(use, now);
    const key = JSON.stringify([row.shop, row.meter, row.id]);
    const earlier = given.get(key);
    if (earlier && JSON.stringify(earlier) !== JSON.stringify(row)) {
      throw mustBe("id", "unique within the list, or repeated with the same content", row.id);
    }
    given.set(key, row);
  }
  return { text: RECORD, values: [JSON.stringify([...given.values()])] };
}
