/**
 * Amounts are decimal strings from Shopify to the screen. Here they are added and multiplied as whole
 * numbers of any size, so that no float ever rounds them.
 */

/** The parts of a decimal string; zero for what is none. */
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

/** Is one decimal string at least as large as another? */
export function isAtLeast(amount: string, other: string): boolean {
  const [a, b] = [parse(amount), parse(other)];
  return a.units * 10n ** BigInt(b.scale) >= b.units * 10n ** BigInt(a.scale);
}

/** For lengths in pixels and estimates, which need not be exact; never for an amount that is shown. */
export function roughly(amount: string): number {
  return Number(amount);
}
