import { parse } from "graphql";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { operationOf } from "../document.js";
import { AbortedError } from "../errors/connection-errors.js";
import { ThrottledError } from "../errors/throttled-error.js";
import { Call } from "./call.js";
import { costOf } from "./cost.js";
import type { UsageBillingEvent } from "./events.js";
import { failed, type Outcome } from "./layer.js";
import { pacing } from "./pacing.js";

const MUTATION = operationOf(parse("mutation Charge($name: String) { charge(name: $name) }"));
const QUERY = operationOf(parse("query Read($first: Int) { records(first: $first) }"));

function variable(call: Call, name: string): unknown {
  return Reflect.get(call.variables, name);
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
  /** Do answers tell their cost? */
  readonly tells?: boolean;
  /** Milliseconds; of an answer. */
  readonly latency?: number;
  readonly requestedCost?: (call: Call) => number;
}

/** A shop's bucket behind pacing. */
function setUp(options: ServerOptions = {}) {
  const { maximumAvailable = 2_000, restoreRate = 100, tells = true, latency = 100 } = options;
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
  const answer = async (call: Call): Promise<Outcome> => {
    sent.push({ name: variable(call, "name"), at: Math.round(performance.now() - start) });
    fill();
    const requestedQueryCost = requestedCost(call);
    const taken = available >= requestedQueryCost;
    if (taken) available -= requestedQueryCost;
    else throttled += 1;
    const throttleStatus = { maximumAvailable, restoreRate, currentlyAvailable: available };
    const told = { requestedQueryCost, actualQueryCost: requestedQueryCost, throttleStatus };
    const cost = costOf(tells ? { cost: told } : {});
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, latency);
      call.stop = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    if (call.cancelled) return failed(new AbortedError("Cancelled", { certainty: "unknown" }));
    return taken
      ? { data: { charge: null }, errors: undefined, extensions: {}, cost, failure: null }
      : { ...failed(new ThrottledError("Throttled", { retryAfter: null })), cost };
  };

  const paced = pacing({ onEvent: (event) => events.push(event) })((call, done) => {
    void (async () => done(await answer(call)))();
  });
  const send = (
    name: unknown,
    kind: "mutation" | "query" = "mutation",
    first?: number,
    begun = false,
  ): Call => {
    const variables = { name, ...(first !== undefined && { first }) };
    const call = new Call(kind === "mutation" ? MUTATION : QUERY, variables, null);
    if (begun) call.begin(performance.now());
    paced(call, () => {
      if (!call.cancelled) answered.push(name);
    });
    return call;
  };
  return {
    send,
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
  it("goes out in order of arrival, at the restore rate, next to never throttled", async () => {
    const shop = setUp({ maximumAvailable: 500, restoreRate: 100 });
    for (let index = 0; index < 300; index += 1) shop.send(index);
    await vi.advanceTimersByTimeAsync(24_900);
    expect(shop.sent.length).toBeLessThan(300);
    await vi.advanceTimersByTimeAsync(1_300);
    expect(shop.names()).toEqual(Array.from({ length: 300 }, (_, index) => index));
    expect(shop.throttled()).toBe(0);
  });

  it("of thousands waits with a single timer", async () => {
    const shop = setUp({ maximumAvailable: 100, restoreRate: 100, latency: 1 });
    for (let index = 0; index < 10_000; index += 1) shop.send(index);
    await vi.advanceTimersByTimeAsync(150);
    expect(shop.answered).toHaveLength(shop.sent.length);
    expect(vi.getTimerCount()).toBe(1);
  });

  it("tells of each call that waits once", async () => {
    const shop = setUp({ maximumAvailable: 100, restoreRate: 100, latency: 400 });
    for (let index = 0; index < 30; index += 1) shop.send(index);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(shop.answered).toHaveLength(30);
    const waits = shop.events.filter(({ type }) => type === "pacing");
    expect(waits.length).toBeGreaterThan(5);
    expect(waits.length).toBeLessThanOrEqual(22);
    expect(waits[0]).toMatchObject({ operationName: "Charge", idempotencyKey: null });
  });

  it("goes on when something else drained the bucket", async () => {
    const shop = setUp({ maximumAvailable: 2_000, restoreRate: 100 });
    for (let index = 0; index < 120; index += 1) shop.send(index);
    await vi.advanceTimersByTimeAsync(300);
    shop.drainBucket();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(shop.sent).toHaveLength(120);
    // No more than were under way.
    expect(shop.throttled()).toBeLessThanOrEqual(70);
    shop.send("after");
    await vi.advanceTimersByTimeAsync(100);
    expect(shop.answered.at(-1)).toBe("after");
  });
});

describe("without cost data", () => {
  it("nothing waits, after the first answer", async () => {
    const shop = setUp({ tells: false, restoreRate: 0 });
    for (let index = 0; index < 1_000; index += 1) shop.send(index);
    await vi.advanceTimersByTimeAsync(100);
    expect(shop.sent).toHaveLength(1_000);
    expect(shop.events).toEqual([]);
  });
});

describe("a call that comes back to be sent again", () => {
  it("goes before those that were never sent, and waits for pace without using its deadline", async () => {
    const shop = setUp({ maximumAvailable: 50, restoreRate: 10, latency: 1 });
    for (const name of ["a", "b", "c", "d", "e"]) shop.send(name);
    await vi.advanceTimersByTimeAsync(200);
    for (const name of ["f", "g"]) shop.send(name);
    const call = shop.send("again", "mutation", undefined, true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(shop.names()).toEqual(["a", "b", "c", "d", "e", "again", "f", "g"]);
    expect(call.pacedFor).toBeGreaterThan(500);
  });
});

describe("a call that is aborted", () => {
  it("leaves no timer behind, waiting or under way", async () => {
    const shop = setUp({ maximumAvailable: 100, restoreRate: 1, latency: 1 });
    const made = Array.from({ length: 10_000 }, (_, index) => shop.send(index));
    await vi.advanceTimersByTimeAsync(500);
    expect(vi.getTimerCount()).toBe(1);
    for (const call of made) call.cancel();
    expect(vi.getTimerCount()).toBe(0);
    expect(shop.sent.length).toBeLessThan(20);
    await vi.advanceTimersByTimeAsync(30_000);
    shop.send("later");
    expect(shop.names().at(-1)).toBe("later");
  });

  it("leaves the others their order", async () => {
    const shop = setUp({ maximumAvailable: 50, restoreRate: 10, latency: 1 });
    for (let index = 0; index < 5; index += 1) shop.send(index);
    await vi.advanceTimersByTimeAsync(200);
    const made = Array.from({ length: 7 }, (_, index) => shop.send(5 + index));
    for (const index of [0, 1, 3, 6]) made[index]?.cancel();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(shop.names()).toEqual([0, 1, 2, 3, 4, 7, 9, 10]);
  });

  it("lets a cheaper one behind it go at once", async () => {
    const requestedCost = (call: Call): number => (call.operation.kind === "query" ? 900 : 10);
    const shop = setUp({ maximumAvailable: 1_000, restoreRate: 10, requestedCost });
    shop.send("learn", "query");
    await vi.advanceTimersByTimeAsync(100);
    const expensive = shop.send("expensive", "query");
    shop.send("cheap");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(shop.names()).toEqual(["learn"]);
    expensive.cancel();
    await vi.advanceTimersByTimeAsync(0);
    expect(shop.names()).toEqual(["learn", "cheap"]);
  });

  it("makes room for others in the first window", async () => {
    const shop = setUp();
    const made = Array.from({ length: 20 }, (_, index) => shop.send(index));
    expect(shop.sent).toHaveLength(8);
    for (const call of made.slice(0, 3)) call.cancel();
    await vi.advanceTimersByTimeAsync(0);
    expect(shop.sent).toHaveLength(11);
  });

  it("sends none of those that are aborted with it", async () => {
    const shop = setUp();
    const made = Array.from({ length: 1_000 }, (_, index) => shop.send(index));
    for (const call of made) call.cancel();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(shop.sent).toHaveLength(8);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("the cost of an operation", () => {
  it("is learnt by document and page size", async () => {
    const requestedCost = (call: Call): number => (variable(call, "first") === 250 ? 80 : 5);
    const shop = setUp({ maximumAvailable: 100, restoreRate: 10, requestedCost });
    shop.send("large", "query", 250);
    await vi.advanceTimersByTimeAsync(100);
    shop.send("small", "query", 1); // assumed to cost more than the 21 points left
    await vi.advanceTimersByTimeAsync(8_000);
    expect(shop.names()).toEqual(["large", "small"]);
    await vi.advanceTimersByTimeAsync(1_000);
    shop.send("small again", "query", 1);
    shop.send("small again", "query", 1);
    expect(shop.names()).toHaveLength(4);
    shop.send("large again", "query", 250);
    expect(shop.names()).toHaveLength(4);
  });
});
