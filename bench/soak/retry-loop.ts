import "@shopify/shopify-api/adapters/node";
import { ApiVersion, BillingError, Session, shopifyApi } from "@shopify/shopify-api";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
import { setTimeout as sleep } from "node:timers/promises";
import type { Account, CallReport } from "./account.js";
import type { Task } from "./our-client.js";
import { PATIENCE } from "./patience.js";
import { describeCharge, type PlannedCharge } from "./planned-charge.js";

/** Returns the user errors of a failed call; none if it failed for another reason. */
function userErrorsOf(error: unknown): readonly string[] {
  if (!(error instanceof BillingError) || !Array.isArray(error.errorData)) return [];
  return error.errorData.map((entry: unknown) =>
    typeof entry === "object" && entry !== null ? String(Reflect.get(entry, "message")) : "",
  );
}

/**
 * Charges with `billing.createUsageRecord` of `@shopify/shopify-api` in a plain retry loop: every
 * failure is retried with the same idempotency key, except for final user errors.
 *
 * @remarks
 * The library is used unchanged. It sends to `https:` only; the hook by which its adapters set
 * `fetch` redirects it to the simulator. It also sets a time limit for each attempt, which the library lacks:
 * the loop would hang at the first request without a response.
 */
export async function chargeInRetryLoop(task: Task, account: Account): Promise<void> {
  const { address, charges, concurrency, signal } = task;
  const { endpoint, shop, accessToken, lineItemId } = address;
  const { calls: mostCalls, attempts, minDelay, maxDelay, timeout } = PATIENCE;
  setAbstractFetchFunc((_url, init) =>
    fetch(endpoint, { ...init, signal: AbortSignal.timeout(timeout) }),
  );
  const { billing } = shopifyApi({
    apiKey: "key",
    apiSecretKey: "secret",
    apiVersion: ApiVersion.October26,
    hostName: "app.example",
    isEmbeddedApp: true,
    logger: { log: () => undefined },
  });
  const session = new Session({ id: shop, shop, state: "", isOnline: false, accessToken });

  const call = async (charge: PlannedCharge, number: number): Promise<CallReport> => {
    try {
      const record = await billing.createUsageRecord({
        session,
        subscriptionLineItemId: lineItemId,
        description: describeCharge(charge, number),
        price: { amount: Number(charge.amount), currencyCode: "USD" },
        idempotencyKey: charge.event,
      });
      return { charge, call: number, claim: "charged", recordId: record.id, reason: null };
    } catch (error) {
      const [message] = userErrorsOf(error);
      const final = message !== undefined && !message.includes("being processed");
      return {
        charge,
        call: number,
        // The library does not report whether a failed call can have charged.
        claim: final ? "refused" : "unknown",
        recordId: null,
        reason: message ?? (error instanceof Error ? error.constructor.name : String(error)),
      };
    }
  };

  const settle = async (charge: PlannedCharge): Promise<void> => {
    for (let number = 1; number <= mostCalls * attempts; number += 1) {
      const report = await call(charge, number);
      account.report(report);
      if (report.claim === "charged" || report.claim === "refused") {
        account.settle(charge, report.claim);
        return;
      }
      if (signal.aborted) return;
      await sleep(Math.random() * Math.min(maxDelay, minDelay * 2 ** (number - 1)));
    }
    account.settle(charge, "givenUp");
  };

  const queue = charges.values();
  const worker = async (): Promise<void> => {
    for (const charge of queue) {
      if (signal.aborted) return;
      await settle(charge);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}
