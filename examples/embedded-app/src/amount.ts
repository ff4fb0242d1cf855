/**
 * Exact arithmetic on Shopify's decimal strings, by whole numbers of any size: no float rounds an amount.
 */

/** The parts of a decimal string; zero if it is malformed. */
function parse(amount: string): { readonly units: bigint; readonly scale: number } {
  const [, whole = "0", fraction = ""] = /^(-?\d+)(?:\.(\d+))?$/.exec(amount) ?? [];
  return { units: BigInt(whole + fraction), scale: fraction.length };
}

function print(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale);
  return `${units < 0n ? "-" : ""}${whole}${fraction && `.${fraction}`}`;
}

/** The sum of decimal strings. */
export function sum(amounts: Iterable<string>): string {
  let total = { units: 0n, scale: 2 };
  for (const amount of amounts) {
    const { units, scale } = parse(amount);
    const widest = Math.max(scale, total.scale);
    total = {
      units:
        total.units * 10n ** BigInt(widest - total.scale) + units * 10n ** BigInt(widest - scale),
      scale: widest,
    };
  }
  return print(total.units, total.scale);
}

/** A decimal string times a fraction, such as three halves, to whole cents. */
export function times(amount: string, numerator: bigint, denominator: bigint): string {
  const { units, scale } = parse(amount);
  return print((units * 100n * numerator) / (denominator * 10n ** BigInt(scale)), 2);
}

/** Whether one decimal string is at least as large as another. */
export function isAtLeast(amount: string, other: string): boolean {
  const [a, b] = [parse(amount), parse(other)];
  return a.units * 10n ** BigInt(b.scale) >= b.units * 10n ** BigInt(a.scale);
}

/**
 * How much of a cap is used, in whole percent, rounded half up as a merchant would: 49.97 of 100 is 50.
 * Only a cap that is used up is at 100, and only an unused one at 0.
 */
export function roundedPercent(used: string, cap: string): number {
  const [a, b] = [parse(used), parse(cap)];
  const part = a.units * 10n ** BigInt(b.scale);
  const whole = b.units * 10n ** BigInt(a.scale);
  if (whole <= 0n) return 100;
  const percent = Number((part * 200n + whole) / (whole * 2n));
  if (part < whole) return Math.min(99, Math.max(part > 0n ? 1 : 0, percent));
  return percent;
}

/** Converts to a float for lengths in pixels and estimates, never for an amount that is shown. */
export function roughly(amount: string): number {
  return Number(amount);
}
