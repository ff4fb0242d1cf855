/** A charge of the soak: what must happen, regardless of faults. */
export interface PlannedCharge {
  /** What is charged for, and the idempotency key. */
  readonly event: string;
  readonly amount: string;
  /** Whether it is above the capped amount, so that Shopify refuses it. Such a charge must never be made. */
  readonly aboveCap: boolean;
}

/** The normal charges together stay below it. A charge above the cap exceeds it by itself. */
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
 * The description that a call sends. It names event and call, so that the ledger shows which call
 * made a charge: the ledger has the description of the request that was executed first.
 */
export function describeCharge({ event }: PlannedCharge, call: number): string {
  return `1000 emails, ${event}, call ${call}`;
}

/** Returns the event and the call of a charge in the ledger. */
export function parseDescription(description: string): { event: string; call: number } | null {
  const [, event, call] = /, (event-\d+), call (\d+)$/.exec(description) ?? [];
  return event !== undefined && call !== undefined ? { event, call: Number(call) } : null;
}
