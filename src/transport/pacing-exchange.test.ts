import { createRequest, gql, makeOperation, makeResult, type Operation } from "@urql/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { filter, fromPromise, makeSubject, mergeMap, pipe, publish } from "wonka";
import { Call } from "./call.js";
import type { UsageBillingEvent } from "./events.js";
import { pacing } from "./pacing-exchange.js";

const MUTATION = gql`
  mutation Charge($name: String) {
    charge(name: $name)
  }
`;
const QUERY = gql`
  query Read($first: Int) {
    records(first: $first)
  }
`;

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
  readonly costOf?: (operation: Operation) => number;
}

/** A shop's bucket behind a pacing layer. */
function setUp(options: ServerOptions = {}) {
  const { maximumAvailable = 2_000, restoreRate = 100, tells = true, latency = 100 } = options;
  const { costOf = () => 10 } = options;
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
  const answer = async (operation: Operation) => {
    fill();
    const requestedQueryCost = costOf(operation);
    const taken = available >= requestedQueryCost;
    if (taken) available -= requestedQueryCost;
    else throttled += 1;
    const throttleStatus = { maximumAvailable, restoreRate, currentlyAvailable: available };
    const cost = { requestedQueryCost, actualQueryCost: requestedQueryCost, throttleStatus };
    const extensions = tells ? { cost } : {};
    await new Promise((resolve) => setTimeout(resolve, latency));
    return taken
      ? makeResult(operation, { data: { charge: null }, extensions })
      : makeResult(operation, {
          errors: [{ message: "Throttled", extensions: { code: "THROTTLED" } }],
          extensions,
        });
  };

  const { source: operations$, next } = makeSubject<Operation>();
  const io = pacing({ onEvent: (event) => events.push(event) })((forwarded$) =>
    pipe(
      forwarded$,
      filter(({ kind }) => kind !== "teardown"),
      mergeMap((operation) => {
        sent.push({
          name: operation.variables?.["name"],
          at: Math.round(performance.now() - start),
        });
        return fromPromise(answer(operation));
      }),
    ),
  );
  pipe(
    io(operations$),
    filter((result) => {
      answered.push(result.operation.variables?.["name"]);
      return false;
    }),
    publish,
  );

  let key = 0;
  const operation = (
    name: unknown,
    kind: "mutation" | "query" = "mutation",
    call = new Call(),
    first?: number,
  ): Operation => {
    key += 1;
    const request = createRequest(kind === "mutation" ? MUTATION : QUERY, {
      name,
      ...(first !== undefined && { first }),
    });
    const context = { url: "", requestPolicy: "network-only", call } as const;
    return makeOperation(kind, { ...request, key }, context);
  };
  const send = (...arguments_: Parameters<typeof operation>): Operation => {
    const made = operation(...arguments_);
    next(made);
    return made;
  };
  const tearDown = (made: Operation): void => next(makeOperation("teardown", made));
  return {
    send,
    resend: next,
    tearDown,
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
    const call = new Call();
    call.begin(performance.now());
    shop.send("again", "mutation", call);
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
    for (const operation of made) shop.tearDown(operation);
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
    for (const index of [0, 1, 3, 6]) {
      const operation = made[index];
      if (operation) shop.tearDown(operation);
    }
    await vi.advanceTimersByTimeAsync(120_000);
    expect(shop.names()).toEqual([0, 1, 2, 3, 4, 7, 9, 10]);
  });

  it("lets a cheaper one behind it go at once", async () => {
    const costOf = ({ kind }: Operation): number => (kind === "query" ? 900 : 10);
    const shop = setUp({ maximumAvailable: 1_000, restoreRate: 10, costOf });
    shop.send("learn", "query");
    await vi.advanceTimersByTimeAsync(100);
    const expensive = shop.send("expensive", "query");
    shop.send("cheap");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(shop.names()).toEqual(["learn"]);
    shop.tearDown(expensive);
    await vi.advanceTimersByTimeAsync(0);
    expect(shop.names()).toEqual(["learn", "cheap"]);
  });

  it("makes room for others in the first window", async () => {
    const shop = setUp();
    const made = Array.from({ length: 20 }, (_, index) => shop.send(index));
    expect(shop.sent).toHaveLength(8);
    for (const operation of made.slice(0, 3)) shop.tearDown(operation);
    await vi.advanceTimersByTimeAsync(0);
    expect(shop.sent).toHaveLength(11);
  });

  it("sends none of those that are aborted with it", async () => {
    const shop = setUp();
    const made = Array.from({ length: 1_000 }, (_, index) => shop.send(index));
    for (const operation of made) shop.tearDown(operation);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(shop.sent).toHaveLength(8);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("the cost of an operation", () => {
  it("is learnt by document and page size", async () => {
    const costOf = ({ variables }: Operation): number => (variables?.["first"] === 250 ? 80 : 5);
    const shop = setUp({ maximumAvailable: 100, restoreRate: 10, costOf });
    shop.send("large", "query", undefined, 250);
    await vi.advanceTimersByTimeAsync(100);
    shop.send("small", "query", undefined, 1); // assumed to cost more than the 21 points left
    await vi.advanceTimersByTimeAsync(8_000);
    expect(shop.names()).toEqual(["large", "small"]);
    await vi.advanceTimersByTimeAsync(1_000);
    shop.send("small again", "query", undefined, 1);
    shop.send("small again", "query", undefined, 1);
    expect(shop.names()).toHaveLength(4);
    shop.send("large again", "query", undefined, 250);
    expect(shop.names()).toHaveLength(4);
  });
});

describe("an operation dispatched anew under its key", () => {
  it("takes the place of the first, waiting or under way", async () => {
    const shop = setUp();
    const made = Array.from({ length: 12 }, (_, index) => shop.send(index));
    for (const operation of [...made, ...made]) shop.resend(operation);
    await vi.advanceTimersByTimeAsync(10_000);
    shop.send("last");
    await vi.advanceTimersByTimeAsync(100);
    expect(shop.answered.at(-1)).toBe("last");
    expect(vi.getTimerCount()).toBe(0);
  });
});
