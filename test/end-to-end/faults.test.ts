import { FAULT_NAMES, type Fault, type FaultName } from "shopify-usage-billing/testing";
import type { Certainty } from "shopify-usage-billing/2026-10";
import { describe, expect, test, vi } from "vitest";
import { CHARGE, requestsDone, serveShop, settled, skipWaits, stopTime } from "./served-shop.js";

interface Expected {
  /** How many charges one request with this fault makes. */
  readonly charges: 0 | 1;
  /** How a call without retries ends. */
  readonly alone: object;
  /** How a call with retries ends. */
  readonly repeated: object;
  /** How many charges there are then. */
  readonly total: 0 | 1;
}

/** The call fails; with retries, it succeeds. */
function fails(charges: 0 | 1, name: string, certainty: Certainty, status?: number | null) {
  const told = status === undefined ? {} : { status };
  return {
    charges,
    alone: { name, certainty, attempts: 1, idempotencyKey: "event-1", ...told },
    repeated: succeeds(2),
    total: 1,
  } as const;
}

/** The call fails, certainly without charging, and is not retried. */
function ends(name: string, status: number) {
  const failure = { ...fails(0, name, "notApplied", status), total: 0 } as const;
  return { ...failure, repeated: failure.alone };
}

function succeeds(attempts: number): object {
  const meta = { attempts, idempotencyKey: "event-1", warnings: [] };
  return { ok: true, usageRecord: { idempotencyKey: "event-1", price: { amount: "1.0" } }, meta };
}

const EXPECTED: Record<FaultName, Expected> = {
  lostBefore: fails(0, "NetworkError", "unknown", null),
  lostAfter: fails(1, "NetworkError", "unknown", null),
  noAnswerBefore: fails(0, "TimeoutError", "unknown", null),
  noAnswerAfter: fails(1, "TimeoutError", "unknown", null),
  tooManyRequests: fails(0, "ThrottledError", "notApplied", 429),
  serverErrorBefore: fails(0, "ServerError", "unknown", 503),
  serverErrorAfter: fails(1, "ServerError", "unknown", 503),
  requestTimeoutBefore: fails(0, "InvalidResponseError", "unknown", 408),
  requestTimeoutAfter: fails(1, "InvalidResponseError", "unknown", 408),
  unauthorized: ends("AuthenticationError", 401),
  redirect: ends("InvalidResponseError", 307),
  throttled: fails(0, "ThrottledError", "notApplied", 200),
  accessDenied: ends("AccessDeniedError", 200),
  resolverError: {
    ...fails(0, "GraphQLRequestError", "unknown", 200),
    repeated: fails(0, "GraphQLRequestError", "unknown", 200).alone,
    total: 0,
  },
  keyInProgress: {
    charges: 0,
    alone: {
      ok: false,
      userErrors: [{ code: "IDEMPOTENCY_KEY_IN_USE", field: ["idempotencyKey"] }],
      certainty: "unknown",
      meta: { attempts: 1, idempotencyKey: "event-1" },
    },
    repeated: succeeds(2),
    total: 1,
  },
  internalErrorBefore: fails(0, "ServerError", "unknown", 200),
  internalErrorAfter: fails(1, "ServerError", "unknown", 200),
  nullRecord: fails(1, "ServerError", "unknown", 200),
  brokenJson: fails(1, "InvalidResponseError", "unknown", 200),
  truncatedBody: fails(1, "NetworkError", "unknown", 200),
  emptyBody: fails(1, "InvalidResponseError", "unknown", 200),
  slowBody: fails(1, "TimeoutError", "unknown"),
  endlessBody: fails(1, "TimeoutError", "unknown"),
  echo: fails(1, "ServerError", "unknown", 502),
  otherVersion: { charges: 1, alone: succeeds(1), repeated: succeeds(1), total: 1 },
  duplicateDelivery: { charges: 1, alone: succeeds(1), repeated: succeeds(1), total: 1 },
};

/** Faults that only the client's timeout ends. */
const SILENT: readonly FaultName[] = ["noAnswerBefore", "noAnswerAfter", "slowBody", "endlessBody"];

function faultOf(name: FaultName): Fault {
  return { name, ...(name.startsWith("serverError") && { status: 503 }) };
}

describe.each(["successes", "all"] as const)("where %s are replayed", (replay) => {
  describe.each(FAULT_NAMES)("%s", (name) => {
    const { charges, alone, repeated, total } = EXPECTED[name];

    test("a call without retries reports its outcome", async () => {
      const { admin, billing, lineItemId } = await serveShop({
        simulator: { replay },
        client: { retry: false, timeout: 5_000 },
      });
      stopTime();
      admin.faults.next(faultOf(name));
      const done = requestsDone(admin);
      const outcome = settled(
        billing.createUsageRecord({
          ...CHARGE,
          idempotencyKey: "event-1",
          subscriptionLineItemId: lineItemId,
        }),
      );
      await done;
      if (SILENT.includes(name)) vi.advanceTimersByTime(5_000);

      expect(await outcome).toMatchObject(alone);
      expect(admin.ledger).toHaveLength(charges);
    });

    test("a call with retries ends with one charge, or certainly none", async () => {
      const served = await serveShop({ simulator: { replay } });
      const { admin, lineItemId } = served;
      const billing = served.client({ timeout: 5_000, onEvent: skipWaits() });
      admin.faults.next(faultOf(name));
      const done = requestsDone(admin);
      const outcome = settled(
        billing.createUsageRecord({
          ...CHARGE,
          idempotencyKey: "event-1",
          subscriptionLineItemId: lineItemId,
        }),
      );
      await done;
      if (SILENT.includes(name)) vi.advanceTimersByTime(5_000);

      expect(await outcome).toMatchObject(repeated);
      expect(admin.ledger).toHaveLength(total);
      for (const { variables } of served.charges()) {
        expect(variables["idempotencyKey"]).toBe("event-1");
      }
    });
  });
});
