/** A charge of the soak: what is to happen, whatever breaks. */
export interface PlannedCharge {
  /** What is charged for, and the idempotency key. */
  readonly event: string;
  readonly amount: string;
  /** Is it above the capped amount, so that Shopify refuses it? Such a charge must never be made. */
  readonly aboveCap: boolean;
}

/** All together stay below it; a charge above the cap is above it alone. */
export const CAPPED_AMOUNT = "100000000.00";
const ABOVE_CAP = "100000000.01";

/** One charge in fifty is above the cap. */
export function planCharges(count: number, seed: number): readonly PlannedCharge[] {
  return Array.from({ length: count }, (_, index) => {
    const aboveCap = (index + seed) % 50 === 0;
    return { event: `event-${index}`, amount: aboveCap ? ABOVE_CAP : "1.00", aboveCap };
  });
}

/**
 * The description that a call sends. It names event and call, so that the ledger tells which call
 * made a charge: it is what goes into the ledger of the request that is executed first.
 */
export function describeCharge({ event }: PlannedCharge, call: number): string {
  return `1000 emails, ${event}, call ${call}`;
}

/** Event and call of a charge in the ledger. */
export function parseDescription(description: string): { event: string; call: number } | null {
  const [, event, call] = /, (event-\d+), call (\d+)$/.exec(description) ?? [];
  return event !== undefined && call !== undefined ? { event, call: Number(call) } : null;
}
