import type { FaultName } from "shopify-usage-billing/testing";

/** A charge that was really made. */
export interface LedgerCharge {
  readonly id: string;
  readonly description: string;
  readonly idempotencyKey: string | null;
  readonly amount: string;
  /** The fault of the request that made it; `null` for none. */
  readonly fault: FaultName | null;
}

/** What the simulator knows about a run, regardless of what the client reported. */
export interface LedgerEvidence {
  /** Oldest first. */
  readonly charges: readonly LedgerCharge[];
  /** How many requests had each fault; those without one are under `none`. */
  readonly requests: Readonly<Record<string, number>>;
  /** Requests redirected to another host that carried the access token. */
  readonly tokensAstray: number;
}

/** Whether a message from another process is evidence. */
export function isLedgerEvidence(message: unknown): message is LedgerEvidence {
  return (
    typeof message === "object" &&
    message !== null &&
    "charges" in message &&
    Array.isArray(message.charges) &&
    "requests" in message
  );
}
