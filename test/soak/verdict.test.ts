import { describe, expect, it } from "vitest";
import { Account, type Claim } from "../../bench/soak/account.js";
import type { LedgerCharge, LedgerEvidence } from "../../bench/soak/ledger-evidence.js";
import {
  describeCharge,
  planCharges,
  type PlannedCharge,
} from "../../bench/soak/planned-charge.js";
import { chargeInRetryLoop } from "../../bench/soak/retry-loop.js";
import { openSoakShop } from "../../bench/soak/soak-shop.js";
import { judge, keptItsPromises, type Verdict } from "../../bench/soak/verdict.js";

/** The charges that seed 1 plans; the last one is above the cap. */
const [first, second, ...others] = planCharges(50, 1);
const aboveCap = others.at(-1);
if (!first || !second || !aboveCap?.aboveCap) throw new Error("The plan is another one");

function made(charge: PlannedCharge, call: number): LedgerCharge {
  return {
    id: `${charge.event}-${call}`,
    description: describeCharge(charge, call),
    idempotencyKey: charge.event,
    amount: charge.amount,
    fault: call === 1 ? "lostAfter" : null,
  };
}

function evidence(...charges: LedgerCharge[]): LedgerEvidence {
  return { charges, requests: { none: 1 }, tokensAstray: 0 };
}

/** The verdict on one charge, from the client's reports on its calls and the ledger. */
function judged(
  charge: PlannedCharge,
  claims: readonly Claim[],
  ...ledger: LedgerCharge[]
): Verdict {
  const account = new Account();
  for (const [index, claim] of claims.entries()) {
    const recordId = claim === "charged" ? (ledger[0]?.id ?? "none") : null;
    account.report({ charge, call: index + 1, claim, recordId, reason: null });
  }
  const last = claims.at(-1);
  if (last === "charged" || last === "refused") account.settle(charge, last);
  return judge([charge], account, evidence(...ledger));
}

describe("the judge of the soak", () => {
  it("accepts a charge that was made once", () => {
    const verdict = judged(first, ["unknown", "charged"], made(first, 1));
    expect(keptItsPromises(verdict)).toBe(true);
    expect(verdict.unknown).toMatchObject({ calls: 1, hadCharged: 1, settledByCalling: 1 });
  });

  it("finds a charge that was lost", () => {
    const verdict = judged(first, ["charged"]);
    expect(verdict).toMatchObject({ lost: [first.event], wrongRecord: 1 });
    expect(keptItsPromises(verdict)).toBe(false);
  });

  it("finds a charge that was made twice, and behind which fault", () => {
    const verdict = judged(first, ["unknown", "charged"], made(first, 1), made(first, 2));
    expect(verdict).toMatchObject({ twice: 1, overcharged: 1, made: 1 });
    expect(verdict.faults).toContainEqual({ fault: "lostAfter", requests: 0, made: 1, again: 1 });
    expect(keptItsPromises(verdict)).toBe(false);
  });

  it("finds a wrong notApplied, regardless of the charge's later outcome", () => {
    const verdict = judged(first, ["notApplied", "charged"], made(first, 1));
    expect(verdict).toMatchObject({ notAppliedButApplied: 1, lost: [], twice: 0 });
    expect(keptItsPromises(verdict)).toBe(false);
    // Not where an earlier call had charged.
    const earlier = judged(first, ["unknown", "notApplied", "charged"], made(first, 1));
    expect(earlier.notAppliedButApplied).toBe(0);
  });

  it("finds a false refusal, and a wrong record", () => {
    expect(judged(aboveCap, ["refused"], made(aboveCap, 1))).toMatchObject({
      madeAboveCap: 1,
      notAppliedButApplied: 1,
    });
    expect(judged(aboveCap, ["refused"])).toMatchObject({ madeAboveCap: 0, lost: [] });
    const account = new Account();
    account.report({ charge: first, call: 1, claim: "charged", recordId: "x", reason: null });
    account.look({ charge: second, found: "y" });
    const ledger = evidence(made(first, 1), made(second, 1));
    expect(judge([first, second], account, ledger).wrongRecord).toBe(2);
  });

  it("finds the duplicates of a retry loop that sends no key", { timeout: 60_000 }, async () => {
    const shop = await openSoakShop({ seed: 1, faults: 0.3, replay: "successes" });
    const account = new Account();
    const charges = planCharges(100, 1);
    const { signal } = new AbortController();
    await chargeInRetryLoop({ address: shop.address, charges, concurrency: 32, signal }, account);
    const verdict = judge(charges, account, await shop.evidence());
    await shop.close();
    expect(verdict).toMatchObject({ settled: 100, made: 98, lost: [] });
    expect(verdict.twice).toBeGreaterThan(5);
    expect(keptItsPromises(verdict)).toBe(false);
  });
});
