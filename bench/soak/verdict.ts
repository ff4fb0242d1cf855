import { FAULT_NAMES } from "shopify-usage-billing/testing";
import type { Account } from "./account.js";
import type { LedgerCharge, LedgerEvidence } from "./ledger-evidence.js";
import { parseDescription, type PlannedCharge } from "./planned-charge.js";

/** The outcome of the requests with one fault. */
export interface FaultRow {
  readonly fault: string;
  /** All requests with this fault. */
  readonly requests: number;
  /** Charges made by such a request. */
  readonly made: number;
  /** Those of them that the client made again. */
  readonly again: number;
}

/** The verdict on a run: what the client reported, compared with the ledger. */
export interface Verdict {
  readonly planned: number;
  /** Charges that the client settled. */
  readonly settled: number;
  /** Charges in the ledger, each counted once. */
  readonly made: number;
  /** Charges that the client settled as made but that are not in the ledger. */
  readonly lost: readonly string[];
  /** Records in the ledger beyond the first of each charge. */
  readonly twice: number;
  /** How much too much the merchant was charged, in dollars. */
  readonly overcharged: number;
  /** Calls that charged although the client reported that they had not. */
  readonly notAppliedButApplied: number;
  /** Calls whose reported record is not the one in the ledger. */
  readonly wrongRecord: number;
  /** Charges above the cap that were made. */
  readonly madeAboveCap: number;
  /** Errors that are not of the client's classes. */
  readonly untyped: number;
  readonly calls: number;
  readonly unknown: {
    readonly calls: number;
    /** Those of these calls that had really charged. */
    readonly hadCharged: number;
    /** Charges with such a call, and how they were settled. */
    readonly charges: number;
    readonly settledByCalling: number;
    readonly settledByLooking: number;
    /** Look-ups that found nothing. */
    readonly lookedInVain: number;
  };
  /** How many calls ended with each error or user error. */
  readonly reasons: ReadonlyMap<string, number>;
  readonly faults: readonly FaultRow[];
  readonly tokensAstray: number;
}

/** Groups the ledger's charges by event. */
function byEvent(charges: readonly LedgerCharge[]): Map<string, LedgerCharge[]> {
  const events = new Map<string, LedgerCharge[]>();
  for (const charge of charges) {
    const event = parseDescription(charge.description)?.event ?? charge.description;
    const same = events.get(event);
    if (same) same.push(charge);
    else events.set(event, [charge]);
  }
  return events;
}

function count<T>(items: Iterable<T>, predicate: (item: T) => boolean): number {
  let matching = 0;
  for (const item of items) if (predicate(item)) matching += 1;
  return matching;
}

/** Compares what a client reported with the ledger. */
export function judge(
  planned: readonly PlannedCharge[],
  { calls, looks, settled }: Account,
  { charges, requests, tokensAstray }: LedgerEvidence,
): Verdict {
  const ledger = byEvent(charges);
  const extra = [...ledger.values()].flatMap((same) => same.slice(1));
  const repeated = new Set([...ledger.values()].flatMap((same) => same.slice(0, -1)));
  /** Whether this call made a charge. */
  const madeBy = (event: string, call: number): boolean =>
    (ledger.get(event) ?? []).some(
      ({ description }) => parseDescription(description)?.call === call,
    );
  const unknownCalls = calls.filter(({ claim }) => claim === "unknown");
  const unknownEvents = new Set(unknownCalls.map(({ charge }) => charge.event));
  const found = new Set(looks.filter((look) => look.found).map(({ charge }) => charge.event));
  const reasons = new Map<string, number>();
  for (const { reason } of calls) {
    if (reason !== null) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return {
    planned: planned.length,
    settled: settled.size,
    made: ledger.size,
    lost: planned
      .filter(({ event, aboveCap }) => !aboveCap && settled.has(event) && !ledger.has(event))
      .map(({ event }) => event),
    twice: extra.length,
    overcharged: extra.reduce((sum, { amount }) => sum + Number(amount), 0),
    notAppliedButApplied: count(
      calls,
      ({ charge, call, claim }) =>
        (claim === "notApplied" || claim === "refused") && madeBy(charge.event, call),
    ),
    wrongRecord:
      count(
        calls,
        ({ charge, claim, recordId }) =>
          claim === "charged" &&
          !(ledger.get(charge.event) ?? []).some(({ id }) => id === recordId),
      ) +
      count(
        looks,
        ({ charge, found }) => found !== null && ledger.get(charge.event)?.[0]?.id !== found,
      ),
    madeAboveCap: count(planned, ({ event, aboveCap }) => aboveCap && ledger.has(event)),
    untyped: count(calls, ({ reason }) => reason?.startsWith("untyped") ?? false),
    calls: calls.length,
    unknown: {
      calls: unknownCalls.length,
      hadCharged: count(unknownCalls, ({ charge, call }) => madeBy(charge.event, call)),
      charges: unknownEvents.size,
      settledByCalling: count(
        unknownEvents,
        (event) => !found.has(event) && ["charged", "refused"].includes(settled.get(event) ?? ""),
      ),
      settledByLooking: found.size,
      lookedInVain: count(looks, (look) => look.found === null),
    },
    reasons,
    faults: ["none", ...FAULT_NAMES].map((fault) => {
      const made = charges.filter((charge) => (charge.fault ?? "none") === fault);
      return {
        fault,
        requests: requests[fault] ?? 0,
        made: made.length,
        again: count(made, (charge) => repeated.has(charge)),
      };
    }),
    tokensAstray,
  };
}

/** Whether the client kept all its promises. */
export function keptItsPromises(verdict: Verdict): boolean {
  const { lost, twice, notAppliedButApplied, wrongRecord, madeAboveCap, untyped } = verdict;
  return (
    lost.length + twice + notAppliedButApplied + wrongRecord + madeAboveCap + untyped === 0 &&
    verdict.tokensAstray === 0
  );
}
