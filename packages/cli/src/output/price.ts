import { Big } from "big.js";
import type { Money } from "shopify-usage-billing";

/** Returns how many decimals a currency is written with. */
function decimalsOf(currencyCode: string): number {
  try {
    const format = new Intl.NumberFormat("en", { style: "currency", currency: currencyCode });
    return format.resolvedOptions().minimumFractionDigits ?? 2;
  } catch {
    return 2; // Shopify's own codes, such as USDC.
  }
}

/** Formats money as `12.50 USD`, with every digit. */
export function price({ amount, currencyCode }: Money): string {
  const [whole = "", fraction = ""] = amount.split(".");
  const decimals = fraction.replace(/0+$/, "").padEnd(decimalsOf(currencyCode), "0");
  return `${whole}${decimals && `.${decimals}`} ${currencyCode}`;
}

/** Adds two decimal strings exactly and prints the sum as Shopify does, with at least one decimal. */
export function add(a: string, b: string): string {
  const sum = Big(a).plus(b).toFixed();
  return sum.includes(".") ? sum : `${sum}.0`;
}

/** Returns the used part of the cap: 0.125 is an eighth. A cap of zero is used up. */
export function partOf(used: Money, cap: Money): number {
  const whole = Number(cap.amount);
  return whole > 0 ? Number(used.amount) / whole : 1;
}

/** Formats a part as `12.5 %`, rounded down, so that only a used-up cap is at 100 %. */
export function percent(part: number): string {
  const tenths = Math.floor(part * 1000 + 1e-9) / 10;
  return `${tenths} %`;
}
