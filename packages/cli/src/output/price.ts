import { Big } from "big.js";
import type { Money } from "shopify-usage-billing";

/** How many decimals a currency is written with. */
function decimalsOf(currencyCode: string): number {
  try {
    const format = new Intl.NumberFormat("en", { style: "currency", currency: currencyCode });
    return format.resolvedOptions().minimumFractionDigits ?? 2;
  } catch {
    return 2; // Shopify's own codes, such as USDC.
  }
}

/** For people: `12.50 USD`. No digit is lost or rounded. */
export function price({ amount, currencyCode }: Money): string {
  const [whole = "", fraction = ""] = amount.split(".");
  const decimals = fraction.replace(/0+$/, "").padEnd(decimalsOf(currencyCode), "0");
  return `${whole}${decimals && `.${decimals}`} ${currencyCode}`;
}

/** `a + b` of two decimal strings, exactly, printed as Shopify does: with at least one decimal. */
export function add(a: string, b: string): string {
  const sum = Big(a).plus(b).toFixed();
  return sum.includes(".") ? sum : `${sum}.0`;
}

/** What part of the cap is used: 0.125 is an eighth. A cap of nothing is used up. */
export function partOf(used: Money, cap: Money): number {
  const whole = Number(cap.amount);
  return whole > 0 ? Number(used.amount) / whole : 1;
}

/** `12.5 %`; only what is whole is 100 %. */
export function percent(part: number): string {
  const tenths = Math.floor(part * 1000 + 1e-9) / 10;
  return `${tenths} %`;
}
