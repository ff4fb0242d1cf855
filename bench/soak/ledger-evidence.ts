import type { FaultName } from "shopify-usage-billing/testing";

/** A charge that was really made. */
export interface LedgerCharge {
  readonly id: string;
  readonly description: string;
  readonly idempotencyKey: string | null;
  readonly amount: string;
  /** The fault that the request met that made it; null for none. */
  readonly fault: FaultName | null;
}

/** What the simulator knows of a run, whatever the client believes. */
export interface LedgerEvidence {
  /** Oldest first. */
  readonly charges: readonly LedgerCharge[];
  /** How many requests met each fault; those that met none under `none`. */
  readonly requests: Readonly<Record<string, number>>;
  /** Requests that came to another host by a redirect, with the access token. */
  readonly tokensAstray: number;
}

/** Is this evidence, as another process sent it? */
export function isLedgerEvidence(message: unknown): message is LedgerEvidence {
  return (
    typeof message === "object" &&
    message !== null &&
    "charges" in message &&
    Array.isArray(message.charges) &&
    "requests" in message
  );
}
