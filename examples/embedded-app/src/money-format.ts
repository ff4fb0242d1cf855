import type { Money } from "shopify-usage-billing/react";

function isNumeric(text: string): text is `${number}` {
  return /^-?\d+(\.\d+)?$/.test(text);
}

const formats = new Map<string, Intl.NumberFormat>();

function formatOf(currency: string, digits: number | undefined): Intl.NumberFormat {
  const key = `${currency} ${digits}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(undefined, {
      style: "currency",
      currency,
      currencyDisplay: "narrowSymbol",
      // Usage is often charged in fractions of a cent.
      ...(digits === undefined ? { maximumFractionDigits: 4 } : { maximumFractionDigits: digits }),
    });
    formats.set(key, format);
  }
  return format;
}

/** Formats an amount. `Intl` takes the decimal string itself, so no digit is lost. */
export function formatMoney({ amount, currencyCode }: Money): string {
  // Shopify has currencies of its own, such as USDC, which `Intl` does not know.
  if (!isNumeric(amount) || currencyCode.length !== 3) return `${amount} ${currencyCode}`;
  return formatOf(currencyCode, undefined).format(amount);
}

/** Formats an estimate or an axis label in whole units. */
export function formatRoughly(amount: number, currencyCode: string): string {
  if (currencyCode.length !== 3) return `${Math.round(amount)} ${currencyCode}`;
  return formatOf(currencyCode, 0).format(amount);
}
