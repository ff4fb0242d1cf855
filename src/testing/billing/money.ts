import { parseDecimal, printDecimal, type Decimal } from "./decimal.js";
import { SimulatorUsageError } from "../usage-error.js";

/** An amount as Shopify prints it: a decimal string ("12.5", "1.0") and its currency. */
export interface Money {
  readonly amount: string;
  readonly currencyCode: string;
}

/** An amount as a test or an app gives it: a decimal string, or a number. */
export interface MoneyInput {
  readonly amount: string | number;
  readonly currencyCode: string;
}

export function money(amount: Decimal, currencyCode: string): Money {
  return { amount: printDecimal(amount), currencyCode };
}

/** Rounds to the currency's minor unit, half up. That Shopify rounds, and how, is a choice: unknown. */
export function roundToMinorUnit(amount: Decimal, currencyCode: string): Decimal {
  return amount.round(minorUnits(currencyCode), roundHalfUp);
}

const roundHalfUp = 1;

/** The number of decimals of a currency: 2 for USD, 0 for JPY. */
function minorUnits(currencyCode: string): number {
  try {
    const format = new Intl.NumberFormat("en", { style: "currency", currency: currencyCode });
    return format.resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2; // not an ISO code, such as USDC
  }
}

/** For people: `12.5 USD`. */
export function priceTag({ amount, currencyCode }: Money): string {
  return `${amount} ${currencyCode}`;
}

/** Reads an amount that a test gives, which must be above zero. */
export function positiveAmount(field: string, input: MoneyInput): Decimal {
  const amount = parseDecimal(String(input.amount));
  if (amount === null || !amount.gt(0)) {
    throw new SimulatorUsageError(
      `${field}.amount must be a decimal above zero such as "100.00", got ${JSON.stringify(input.amount)}`,
    );
  }
  if (!/^[A-Z]{3,4}$/.test(input.currencyCode)) {
    throw new SimulatorUsageError(
      `${field}.currencyCode must be a currency code such as "USD", got ${JSON.stringify(input.currencyCode)}`,
    );
  }
  return amount;
}
