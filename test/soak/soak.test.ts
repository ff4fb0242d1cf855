import { describe, expect, it } from "vitest";
import type { Replay } from "shopify-usage-billing/testing";
import { Account } from "../../bench/soak/account.js";
import { chargeWithOurClient } from "../../bench/soak/our-client.js";
import { planCharges } from "../../bench/soak/planned-charge.js";
import { openSoakShop } from "../../bench/soak/soak-shop.js";
import { judge, type Verdict } from "../../bench/soak/verdict.js";

const RECORDS = 200;

/** A short soak; `npm run soak` is the long one. */
async function soak(seed: number, replay: Replay): Promise<Verdict> {
  const shop = await openSoakShop({ seed, faults: 0.3, replay });
  const account = new Account();
  const charges = planCharges(RECORDS, seed);
  const { signal } = new AbortController();
  try {
    await chargeWithOurClient({ address: shop.address, charges, concurrency: 32, signal }, account);
    return judge(charges, account, await shop.evidence());
  } finally {
    await shop.close();
  }
}

describe("with every third request broken", { timeout: 60_000 }, () => {
  const runs: readonly (readonly [number, Replay])[] = [
    [1, "successes"],
    [2, "successes"],
    [3, "all"],
    [4, "all"],
  ];
  it.each(runs)(
    "no charge is lost and none made twice (seed %i, replay %s)",
    async (seed, replay) => {
      const verdict = await soak(seed, replay);
      expect(verdict).toMatchObject({
        settled: RECORDS,
        made: RECORDS - 4, // those above the capped amount
        lost: [],
        twice: 0,
        notAppliedButApplied: 0,
        wrongRecord: 0,
        madeAboveCap: 0,
        untyped: 0,
        tokensAstray: 0,
      });
      // Enough went wrong for this to say something.
      const broken = verdict.faults.filter(
        ({ fault, requests }) => fault !== "none" && requests > 0,
      );
      expect(broken.length).toBeGreaterThan(18);
      expect(verdict.calls).toBeGreaterThan(RECORDS);
    },
  );
});
