import type { RollUp } from "../src/index.js";

/** What a soak does, and how hard. */
export interface SoakPlan {
  readonly seed: number;
  readonly uses: number;
  readonly shops: number;
  readonly workers: number;
  /** Milliseconds between two kills of a worker; 0 for none. */
  readonly killEvery: number;
  /** The share of requests that meet a fault, of all kinds equally. */
  readonly faults: number;
  /** How often the database server is crashed and started again. */
  readonly restarts: number;
  readonly rollUp: RollUp;
}

/** A use that is to be recorded. */
export interface PlannedUse {
  readonly shop: number;
  readonly id: string;
  /** Decimal string of seven decimals. */
  readonly amount: string;
}

/** Numbers from a seed, in [0, 1). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function shopDomain(shop: number): string {
  return `soak-${shop}.myshopify.com`;
}

export function accessTokenOf(domain: string): string {
  return `shpat_${domain}`;
}

/** Uses of fractional prices, between a thousandth of a cent and half a dollar. */
export function planUses({ seed, uses, shops }: SoakPlan): readonly PlannedUse[] {
  const next = random(seed);
  return Array.from({ length: uses }, (_, n) => {
    const units = 100 + Math.floor(next() * 5_000_000);
    return { shop: Math.floor(next() * shops), id: `use-${n}`, amount: decimal(BigInt(units)) };
  });
}

/** Ten-millionths as a decimal string. */
export function decimal(units: bigint): string {
  const digits = units.toString().padStart(8, "0");
  return `${digits.slice(0, -7)}.${digits.slice(-7)}`;
}

/** A decimal string as ten-millionths. */
export function units(amount: string): bigint {
  const [whole = "0", fraction = ""] = amount.split(".");
  return BigInt(whole + fraction.padEnd(7, "0").slice(0, 7));
}
