import {
  createRequest,
  gql,
  makeErrorResult,
  makeOperation,
  makeResult,
  type Operation,
  type OperationResult,
} from "@urql/core";
import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { delay } from "../abort.js";
import { AbortedError } from "../errors/connection-errors.js";
import { Call, withCall } from "./call.js";
import type { UsageBillingEvent } from "./events.js";
import { pacing } from "./pacing.js";

const MUTATION = gql("mutation Charge($name: String) { charge(name: $name) }");
const QUERY = gql("query Read($first: Int) { records(first: $first) }");

let lastKey = 0;

function operationOf(kind: "mutation" | "query", variables: object, call: Call): Operation {
  const request = createRequest(kind === "mutation" ? MUTATION : QUERY, { ...variables });
  lastKey += 1;
  const context = { url: "", requestPolicy: "network-only" as const, ...withCall(call) };
  return makeOperation(kind, { ...request, key: lastKey }, context);
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

interface ServerOptions {
  readonly maximumAvailable?: number;
  readonly restoreRate?: number;
  /** Whether answers say what they cost. */
  readonly saysCost?: boolean;
  /** Milliseconds until an answer. */
  readonly latency?: number;
  readonly requestedCost?: (operation: Operation) => number;
}

/** A call that a test made. */
interface Made {
  readonly call: Call;
  readonly abort: () => void;
  readonly signal: AbortSignal;
}

/** Sets up a shop's bucket behind pacing. */
function setUp(options: ServerOptions = {}) {
  const { maximumAvailable = 2_000, restoreRate = 100, saysCost = true, latency = 100 } = options;
  const { requestedCost = () => 10 } = options;
  const events: UsageBillingEvent[] = [];
  const sent: { name: unknown; at: number }[] = [];
  const answered: unknown[] = [];
  const start = performance.now();
  let available = maximumAvailable;
  let filledAt = start;
  let throttled = 0;

  const fill = (): void => {
    const restored = ((performance.now() - filledAt) / 1_000) * restoreRate;
    available = Math.min(maximumAvailable, available + restored);
    filledAt = performance.now();
  };
  const answer = async (operation: Operation, signal?: AbortSignal): Promise<OperationResult> => {
    sent.push({
      name: operation.variables?.["name"],
      at: Math.round(performance.now() - start),
    });
    fill();
    const requestedQueryCost = requestedCost(operation);
    const taken = available >= requestedQueryCost;
    if (taken) available -= requestedQueryCost;
    else throttled += 1;
    const throttleStatus = { maximumAvailable, restoreRate, currentlyAvailable: available };
    const cost = { requestedQueryCost, actualQueryCost: requestedQueryCost, throttleStatus };
    await delay(latency, signal);
    if (signal?.aborted) return makeErrorResult(operation, new AbortedError("Aborted"));
    const errors = [{ message: "Throttled", extensions: { code: "THROTTLED" } }];
    return makeResult(operation, {
      ...(taken ? { data: { charge: null } } : { errors }),
      extensions: saysCost ? { cost } : {},
    });
  };

  const send = pacing(answer, (event) => events.push(event));
  const make = (
    name: unknown,
    kind: "mutation" | "query" = "mutation",
    first?: number,
    isRetry = false,
  ): Made => {
    const call = new Call(kind);
    if (isRetry) {
      call.handOver();
      call.attempts = 1;
    }
    const controller = new AbortController();
    const operation = operationOf(kind, { name, ...(first !== undefined && { first }) }, call);
    void send(operation, controller.signal).then(() => {
      if (!controller.signal.aborted) answered.push(name);
    });
    return { call, abort: () => controller.abort(), signal: controller.signal };
  };
  return {
    make,
    events,
    sent,
    answered,
    names: () => sent.map(({ name }) => name),
    drainBucket: () => {
      fill();
      available = 0;
    },
    throttled: () => throttled,
  };
}

describe("a backlog", () => {
  it("goes out in order of arrival, at the restore rate, and is next to never throttled", async () => {
    const shop = setUp({ maximumAvailable: 500, restoreRate: 100 });
    for (let index = 0; index < 300; index += 1) shop.make(index);
    await vi.advanceTimersByTimeAsync(24_900);
    expect(shop.sent.length).toBeLessThan(300);
    await vi.advanceTimersByTimeAsync(1_300);
    expect(shop.names()).toEqual(Array.from({ length: 300 }, (_, index) => index));
    expect(shop.throttled()).toBe(0);
  });

  it("of thousands waits with a single timer", async () => {
    const shop = setUp({ maximumAvailable: 100, restoreRate: 100, latency: 1 });
    for (let index = 0; index < 10_000; index += 1) shop.make(index);
    await vi.advanceTimersByTimeAsync(150);
    expect(shop.answered).toHaveLength(shop.sent.length);
    expect(vi.getTimerCount()).toBe(1);
  });

  it("emits one event for each call that waits", async () => {
    const shop = setUp({ maximumAvailable: 100, restoreRate: 100, latency: 400 });
    for (let index = 0; index < 30; index += 1) shop.make(index);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(shop.answered).toHaveLength(30);
    const waits = shop.events.filter(({ type }) => type === "pacing");
    expect(waits.length).toBeGreaterThan(5);
    expect(waits.length).toBeLessThanOrEqual(22);
    expect(waits[0]).toMatchObject({ operationName: "Charge", idempotencyKey: null });
  });

  it("goes on when something else drained the bucket", async () => {
    const shop = setUp({ maximumAvailable: 2_000, restoreRate: 100 });
    for (let index = 0; index < 120; index += 1) shop.make(index);
    await vi.advanceTimersByTimeAsync(300);
    shop.drainBucket();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(shop.sent).toHaveLength(120);
    // No more than were under way at that moment.
    expect(shop.throttled()).toBeLessThanOrEqual(70);
    shop.make("after");
    await vi.advanceTimersByTimeAsync(100);
    expect(shop.answered.at(-1)).toBe("after");
  });
});

describe("without cost data", () => {
  it("nothing waits for points, but no more than 64 are under way", async () => {
    const shop = setUp({ saysCost: false, restoreRate: 0 });
    for (let index = 0; index < 1_000; index += 1) shop.make(index);
    await vi.advanceTimersByTimeAsync(100);
    expect(shop.sent).toHaveLength(8 + 64);
    await vi.advanceTimersByTimeAsync(1_600);
    expect(shop.answered).toHaveLength(1_000);
    expect(shop.events).toEqual([]);
  });
});

describe("a call that comes back to be sent again", () => {
  it("goes before those that were never sent, and waits for pace without using its deadline", async () => {
    const shop = setUp({ maximumAvailable: 50, restoreRate: 10, latency: 1 });
    for (const name of ["a", "b", "c", "d", "e"]) shop.make(name);
    await vi.advanceTimersByTimeAsync(200);
    for (const name of ["f", "g"]) shop.make(name);
    const { call } = shop.make("again", "mutation", undefined, true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(shop.names()).toEqual(["a", "b", "c", "d", "e", "again", "f", "g"]);
    expect(call.pacedFor).toBeGreaterThan(500);
  });
});

it("what a call waits before its first attempt does not extend its deadline", async () => {
  const shop = setUp({ maximumAvailable: 100, restoreRate: 10 });
  for (let index = 0; index < 10; index += 1) shop.make(index);
  await vi.advanceTimersByTimeAsync(100);
  const { call } = shop.make("late");
  await vi.advanceTimersByTimeAsync(5_000);
  expect(shop.names()).toContain("late");
  call.handOver();
  expect(call.elapsed(performance.now())).toBe(0);
});

it("what a retry waits for its turn does not count against its deadline", async () => {
  const shop = setUp({ maximumAvailable: 100, restoreRate: 10 });
  for (let index = 0; index < 10; index += 1) shop.make(index);
  await vi.advanceTimersByTimeAsync(100);
  const { call } = shop.make("again", "mutation", undefined, true);
  await vi.advanceTimersByTimeAsync(5_000);
  const waited = shop.sent.find(({ name }) => name === "again")?.at ?? 0;
  expect(waited).toBeGreaterThan(500);
  expect(call.elapsed(performance.now())).toBeCloseTo(5_100 - waited, -1);
});

it("a call that waited for its turn leaves no listener on its signal", async () => {
  const shop = setUp({ maximumAvailable: 100, restoreRate: 10 });
  for (let index = 0; index < 10; index += 1) shop.make(index);
  await vi.advanceTimersByTimeAsync(100);
  const { signal } = shop.make("late");
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(shop.answered).toContain("late");
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
});

describe("a call that is aborted", () => {
  it("leaves no timer behind, waiting or under way", async () => {
    const shop = setUp({ maximumAvailable: 100, restoreRate: 1, latency: 1 });
    const made = Array.from({ length: 10_000 }, (_, index) => shop.make(index));
    await vi.advanceTimersByTimeAsync(500);
    expect(vi.getTimerCount()).toBe(1);
    for (const { abort } of made) abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
    expect(shop.sent.length).toBeLessThan(20);
    await vi.advanceTimersByTimeAsync(30_000);
    shop.make("later");
    await vi.advanceTimersByTimeAsync(0);
    expect(shop.names().at(-1)).toBe("later");
  });

  it("leaves the others their order", async () => {
    const shop = setUp({ maximumAvailable: 50, restoreRate: 10, latency: 1 });
    for (let index = 0; index < 5; index += 1) shop.make(index);
    await vi.advanceTimersByTimeAsync(200);
    const made = Array.from({ length: 7 }, (_, index) => shop.make(5 + index));
    for (const index of [0, 1, 3, 6]) made[index]?.abort();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(shop.names()).toEqual([0, 1, 2, 3, 4, 7, 9, 10]);
  });

  it("lets a cheaper one behind it go at once", async () => {
    const requestedCost = ({ kind }: Operation): number => (kind === "query" ? 900 : 10);
    const shop = setUp({ maximumAvailable: 1_000, restoreRate: 10, requestedCost });
    shop.make("learn", "query");
    await vi.advanceTimersByTimeAsync(100);
    const expensive = shop.make("expensive", "query");
    shop.make("cheap");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(shop.names()).toEqual(["learn"]);
    expensive.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(shop.names()).toEqual(["learn", "cheap"]);
  });

  it("makes room for others in the first window", async () => {
    const shop = setUp();
    const made = Array.from({ length: 20 }, (_, index) => shop.make(index));
    await vi.advanceTimersByTimeAsync(0);
    expect(shop.sent).toHaveLength(8);
    for (const { abort } of made.slice(0, 3)) abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(shop.sent).toHaveLength(11);
  });

  it("sends none of those that are aborted with it", async () => {
    const shop = setUp();
    const made = Array.from({ length: 1_000 }, (_, index) => shop.make(index));
    await vi.advanceTimersByTimeAsync(0);
    for (const { abort } of made) abort();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(shop.sent).toHaveLength(8);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("the cost of an operation", () => {
  it("is learned by document and page size", async () => {
    const requestedCost = ({ variables }: Operation): number =>
      variables?.["first"] === 250 ? 80 : 5;
    const shop = setUp({ maximumAvailable: 100, restoreRate: 10, requestedCost });
    shop.make("large", "query", 250);
    await vi.advanceTimersByTimeAsync(100);
    shop.make("small", "query", 1); // assumed to cost more than the 21 points left
    await vi.advanceTimersByTimeAsync(8_000);
    expect(shop.names()).toEqual(["large", "small"]);
    await vi.advanceTimersByTimeAsync(1_000);
    shop.make("small again", "query", 1);
    shop.make("small again", "query", 1);
    await vi.advanceTimersByTimeAsync(0);
    expect(shop.names()).toHaveLength(4);
    shop.make("large again", "query", 250);
    await vi.advanceTimersByTimeAsync(0);
    expect(shop.names()).toHaveLength(4);
  });
});
