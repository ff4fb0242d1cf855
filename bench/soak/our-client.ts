import {
  createUsageBillingClient,
  UsageBillingError,
  type BulkOutcome,
} from "shopify-usage-billing";
import type { Account, CallReport } from "./account.js";
import { PATIENCE } from "./patience.js";
import { describeCharge, type PlannedCharge } from "./planned-charge.js";
import type { SoakShopAddress } from "./soak-shop.js";

/** The work of a contender. */
export interface Task {
  readonly address: SoakShopAddress;
  readonly charges: readonly PlannedCharge[];
  readonly concurrency: number;
  /** No call is started after it aborts. */
  readonly signal: AbortSignal;
}

/** Milliseconds; dates of records are whole seconds. */
const CLOCK_MARGIN = 2_000;

function reportOf(
  charge: PlannedCharge,
  call: number,
  result: NonNullable<BulkOutcome["result"]>,
): CallReport {
  if (result.ok) {
    return { charge, call, claim: "charged", recordId: result.usageRecord.id, reason: null };
  }
  const claim = result.certainty === "unknown" ? "unknown" : "refused";
  return { charge, call, claim, recordId: null, reason: result.userErrors[0].code };
}

function failureOf(charge: PlannedCharge, call: number, error: unknown): CallReport {
  const typed = error instanceof UsageBillingError;
  return {
    charge,
    call,
    // An error of another library says nothing about the charge.
    claim: typed ? error.certainty : "unknown",
    recordId: null,
    reason: typed ? error.name : `untyped: ${String(error)}`,
  };
}

/**
 * Charges with this package's client: one half by `createUsageRecords`, the other one by one, and
 * continues with each charge until its outcome is known.
 */
export async function chargeWithOurClient(task: Task, account: Account): Promise<void> {
  const { address, charges, concurrency, signal } = task;
  const { endpoint, shop, accessToken, lineItemId } = address;
  const { timeout, calls: mostCalls, ...retry } = PATIENCE;
  const billing = createUsageBillingClient({ endpoint, shop, accessToken, timeout, retry });
  /** When each charge was first sent. */
  const begun = new Map<string, number>();
  const inputOf = (charge: PlannedCharge, call: number) => {
    if (!begun.has(charge.event)) begun.set(charge.event, Date.now());
    return {
      description: describeCharge(charge, call),
      price: { amount: charge.amount, currencyCode: "USD" as const },
      idempotencyKey: charge.event,
    };
  };

  const call = async (charge: PlannedCharge, number: number): Promise<CallReport> => {
    try {
      const input = { ...inputOf(charge, number), subscriptionLineItemId: lineItemId };
      return reportOf(charge, number, await billing.createUsageRecord(input));
    } catch (error) {
      return failureOf(charge, number, error);
    }
  };

  /** Looks up a charge whose outcome is unknown. Not finding it is no proof. */
  const look = async (charge: PlannedCharge): Promise<boolean> => {
    try {
      const record = await billing.findUsageRecord({
        idempotencyKey: charge.event,
        createdAfter: new Date((begun.get(charge.event) ?? 0) - CLOCK_MARGIN),
        subscriptionLineItemId: lineItemId,
      });
      account.look({ charge, found: record?.id ?? null });
      return record !== null;
    } catch (error) {
      if (!(error instanceof UsageBillingError)) throw error;
      return false; // No more proof than not finding it.
    }
  };

  /** Continues after a call until the charge's outcome is known. */
  const settle = async (first: CallReport): Promise<void> => {
    let report = first;
    const { charge } = first;
    for (;;) {
      account.report(report);
      if (report.claim === "charged" || report.claim === "refused") {
        account.settle(charge, report.claim);
        return;
      }
      if (signal.aborted) return;
      if (report.call >= mostCalls) {
        account.settle(charge, "givenUp");
        return;
      }
      // Every second unknown charge is looked up first: both ways must find the truth.
      if (report.claim === "unknown" && account.calls.length % 2 === 0 && (await look(charge))) {
        account.settle(charge, "charged");
        return;
      }
      report = await call(charge, report.call + 1);
    }
  };

  const half = Math.ceil(charges.length / 2);
  const share = Math.max(1, Math.floor(concurrency / 2));

  const inBulk = async (): Promise<void> => {
    const byEvent = new Map(charges.slice(0, half).map((charge) => [charge.event, charge]));
    const inputs = function* () {
      for (const charge of charges.slice(0, half)) yield inputOf(charge, 1);
    };
    const settling: Promise<void>[] = [];
    try {
      const outcomes = billing.createUsageRecords(inputs(), { concurrency: share, signal });
      for await (const { input, result, error } of outcomes) {
        const charge = byEvent.get(input.idempotencyKey);
        if (!charge) throw new Error(`${input.idempotencyKey} was not planned`);
        settling.push(settle(result ? reportOf(charge, 1, result) : failureOf(charge, 1, error)));
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    await Promise.all(settling);
  };

  const oneByOne = async (): Promise<void> => {
    const queue = charges.slice(half).values();
    const worker = async (): Promise<void> => {
      for (const charge of queue) {
        if (signal.aborted) return;
        await settle(await call(charge, 1));
      }
    };
    await Promise.all(Array.from({ length: share }, worker));
  };

  await Promise.all([inBulk(), oneByOne()]);
}
