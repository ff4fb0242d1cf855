import { createRequest, gql, makeErrorResult, makeOperation, makeResult } from "@urql/core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { operationOf } from "../document.js";
import { ServerError } from "../errors/server-error.js";
import { ThrottledError } from "../errors/throttled-error.js";
import type { UsageBillingError } from "../errors/usage-billing-error.js";
import { Call, withCall } from "./call.js";
import type { UsageBillingEvent } from "./events.js";
import type { RetryOptions } from "./retry-options.js";
import { isRepeatable, retrying, saysKeyInUse } from "./retrying.js";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const IN_USE = "Another request for the same idempotency key is being processed. Please try again.";

test.each([
  [{ appUsageRecordCreate: { userErrors: [{ field: null, message: IN_USE }] } }, true],
  [{ alias: { userErrors: [{ message: "No" }, { message: IN_USE }] } }, true],
  [{ appUsageRecordCreate: { userErrors: [{ field: null, message: "No" }] } }, false],
  [{ appUsageRecordCreate: { userErrors: [] } }, false],
  [{ appUsageRecordCreate: { userErrors: [null] } }, false],
  [{ appUsageRecordCreate: null }, false],
  [{ appUsageRecordCreate: IN_USE }, false],
  [null, false],
  [undefined, false],
  [IN_USE, false],
])("whether %j says that the key is in use: %s", (data, inUse) => {
  expect(saysKeyInUse(data)).toBe(inUse);
});

describe("what may have been executed", () => {
  function repeatable(text: string, variables: object = {}): boolean {
    const request = createRequest(gql(text), { ...variables });
    const { kind } = operationOf(request.query);
    return isRepeatable(makeOperation(kind, request, { url: "", requestPolicy: "network-only" }));
  }

  test("may be sent again if it is a query", () => {
    expect(repeatable("{ shop { id } }")).toBe(true);
  });

  test("a mutation may if its key is declared, passed and given", () => {
    const text = "mutation ($key: String) { charge(idempotencyKey: $key) { id } }";

    expect(repeatable(text, { key: "event-1" })).toBe(true);
  });

  test("with any name of the variable, and with an alias", () => {
    const text = "mutation ($k: String) { a: charge(price: 1, idempotencyKey: $k) { id } }";

    expect(repeatable(text, { k: "event-1" })).toBe(true);
  });

  test("with a key that is written into the document", () => {
    expect(repeatable('mutation { charge(idempotencyKey: "event-1") { id } }')).toBe(true);
  });

  test.each([
    ["has no key", "mutation { charge { id } }", {}],
    [
      "has a key among its variables only",
      "mutation ($p: Int) { charge(price: $p) { id } }",
      { idempotencyKey: "event-1" },
    ],
    [
      "declares a key without passing it",
      "mutation ($idempotencyKey: String) { charge(price: 1) { id } }",
      { idempotencyKey: "event-1" },
    ],
    ["is given no key", "mutation ($key: String) { charge(idempotencyKey: $key) { id } }", {}],
    [
      "is given a null key",
      "mutation ($key: String) { charge(idempotencyKey: $key) { id } }",
      { key: null },
    ],
    [
      "is given an empty key",
      "mutation ($key: String) { charge(idempotencyKey: $key) { id } }",
      { key: "" },
    ],
    ["has an empty key", 'mutation { charge(idempotencyKey: "") { id } }', {}],
    ["has a null key", "mutation { charge(idempotencyKey: null) { id } }", {}],
    [
      "has a key for one of two fields",
      "mutation ($key: String) { charge(idempotencyKey: $key) { id } cancel { id } }",
      { key: "event-1" },
    ],
    [
      "has its field in a fragment",
      "mutation ($key: String) { ...F } fragment F on Mutation { charge(idempotencyKey: $key) { id } }",
      { key: "event-1" },
    ],
    [
      "has a key in an input object",
      "mutation ($key: String) { charge(input: { idempotencyKey: $key }) { id } }",
      { key: "event-1" },
    ],
  ])("a mutation may not if it %s", (_, text, variables) => {
    expect(repeatable(text, variables)).toBe(false);
  });
});

describe("a call that fails", () => {
  /** A query that fails as the test says, attempt by attempt, and then succeeds. */
  function setUp(failures: readonly UsageBillingError[], options: RetryOptions = {}) {
    vi.useFakeTimers();
    vi.spyOn(Math, "random").mockReturnValue(1);
    const call = new Call("query");
    const context = { url: "", requestPolicy: "network-only" as const, ...withCall(call) };
    const operation = makeOperation("query", createRequest(gql("{ shop { id } }"), {}), context);
    const controller = new AbortController();
    const events: UsageBillingEvent[] = [];
    const onAttempt = vi.fn();
    const send = retrying(
      async () => {
        call.handOver();
        call.attempts += 1;
        onAttempt();
        const failure = failures[call.attempts - 1];
        return failure
          ? makeErrorResult(operation, failure)
          : makeResult(operation, { data: { shop: null } });
      },
      options,
      (event) => events.push(event),
    );
    return {
      call,
      controller,
      onAttempt,
      send: () => send(operation, controller.signal),
      waits: () => events.map((event) => "wait" in event && event.wait),
    };
  }

  const failed = (): ServerError => new ServerError("Shopify failed", { status: 503 });
  const throttled = (): ThrottledError => new ThrottledError("Throttled", { status: 200 });
  const wait = (retryAfter: number): ServerError =>
    new ServerError("Shopify failed", { status: 503, retryAfter });

  test("waits up to twice as long each time, and up to ten seconds", async () => {
    const failures = Array.from({ length: 7 }, failed);
    const { send, waits } = setUp(failures, { attempts: 8, deadline: 100_000 });
    const sent = send();

    await vi.runAllTimersAsync();
    await sent;

    expect(waits()).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  test("keeps its attempts while it is throttled", async () => {
    const failures = [throttled(), throttled(), throttled(), failed(), failed()];
    const { call, send } = setUp(failures, { attempts: 3 });
    const sent = send();

    await vi.runAllTimersAsync();

    expect(await sent).toMatchObject({ data: { shop: null } });
    expect(call.attempts).toBe(6);
  });

  test.each([
    ["with status 200", throttled],
    [
      "without a status, from an app's own client",
      (): ThrottledError => new ThrottledError("Throttled"),
    ],
  ])("is throttled %s waits longer each time, though never long", async (_, failure) => {
    const failures = Array.from({ length: 12 }, failure);
    const { send, waits } = setUp(failures, { attempts: 1, maxDelay: 2_000 });
    const sent = send();

    await vi.runAllTimersAsync();
    await sent;

    expect(waits()).toEqual([10, 20, 40, 80, 160, 320, 640, 1_280, 2_000, 2_000, 2_000, 2_000]);
  });

  test("is throttled and knows when to come back waits at least that long", async () => {
    const until = new ThrottledError("Throttled", { status: 200, retryAfter: 700 });
    const { send, waits } = setUp([until], { attempts: 1 });
    const sent = send();

    await vi.runAllTimersAsync();
    await sent;

    expect(waits()).toEqual([700]);
  });

  test("has a minute by default", async () => {
    const inTime = setUp([wait(60_000)]);
    const sent = inTime.send();
    await vi.runAllTimersAsync();
    expect(await sent).toMatchObject({ data: { shop: null } });

    const tooLate = setUp([wait(60_001)]);
    expect(await tooLate.send()).toMatchObject({ error: expect.anything() });
  });

  test("is retried after a wait that ends at the deadline, and not after a longer one", async () => {
    const inTime = setUp([wait(5_000)], { deadline: 5_000 });
    const sent = inTime.send();
    await vi.runAllTimersAsync();
    expect(await sent).toMatchObject({ data: { shop: null } });

    const tooLate = setUp([wait(5_001)], { deadline: 5_000 });
    expect(await tooLate.send()).toMatchObject({ error: expect.anything() });
    expect(tooLate.call.attempts).toBe(1);
  });

  test("and is aborted by then is not retried, and no retry is announced", async () => {
    const { call, controller, onAttempt, send, waits } = setUp([failed()]);
    onAttempt.mockImplementation(() => controller.abort());

    await send();

    expect(waits()).toEqual([]);
    expect(call.attempts).toBe(1);
  });

  test("and is aborted while it waits ends at once, without another attempt", async () => {
    const { call, controller, send, waits } = setUp([failed()]);
    const sent = send();
    await vi.waitUntil(() => waits().length > 0);

    controller.abort();
    await sent;

    expect(vi.getTimerCount()).toBe(0);
    expect(call.attempts).toBe(1);
  });
});
