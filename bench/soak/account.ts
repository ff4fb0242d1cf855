import type { PlannedCharge } from "./planned-charge.js";

/**
 * What a client reported about one call.
 *
 * - `charged`: it was charged, here or before
 * - `refused`: Shopify refused it, and this call did not charge
 * - `notApplied`: it failed, and this call did not charge
 * - `unknown`: it may have charged
 */
export type Claim = "charged" | "refused" | "notApplied" | "unknown";

/** One call and what the client reported about it. */
export interface CallReport {
  readonly charge: PlannedCharge;
  /** 1 for the first call of the charge. */
  readonly call: number;
  readonly claim: Claim;
  /** The record's id, if the client received one. */
  readonly recordId: string | null;
  /** An error's name, or a user error's code; `null` for charges. */
  readonly reason: string | null;
}

/** One look-up of a charge, without charging. */
export interface LookReport {
  readonly charge: PlannedCharge;
  /** The id of the record that was found. */
  readonly found: string | null;
}

/** All that a client reported in a run. What really happened is in the ledger. */
export class Account {
  readonly calls: CallReport[] = [];
  readonly looks: LookReport[] = [];
  /** The outcome of each charge, by event. Missing if it is still open. */
  readonly settled = new Map<string, "charged" | "refused" | "givenUp">();

  report(call: CallReport): void {
    this.calls.push(call);
  }

  look(look: LookReport): void {
    this.looks.push(look);
  }

  settle({ event }: PlannedCharge, as: "charged" | "refused" | "givenUp"): void {
    this.settled.set(event, as);
  }
}
