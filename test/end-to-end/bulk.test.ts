import type { BulkUsageRecordInput as Input } from "shopify-usage-billing/2026-10";
import { describe, expect, test, vi } from "vitest";
import { CHARGE, serveShop, settled, skipWaits } from "./served-shop.js";

function inputOf(row: number, rest: Partial<Input> = {}): Input {
  return { ...CHARGE, idempotencyKey: `row-${row}`, ...rest };
}

function rowOf({ idempotencyKey }: Input): number {
  return Number(idempotencyKey.replace("row-", ""));
}

function inputs(count: number): Input[] {
  return Array.from({ length: count }, (_, index) => inputOf(index + 1));
}

/** Runs pending callbacks, including real HTTP, until a condition holds. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await turn();
}

async function turn(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}

describe("the results", () => {
  test("name their input, the very object, and come as they finish", async () => {
    const { admin, billing, lineItemId } = await serveShop();
    const source = [1, 2, 3].map((row) => inputOf(row, { subscriptionLineItemId: lineItemId }));
    // The first takes longest.
    let latency = 300;
    admin.faults.latency(() => (latency -= 100) + 100);
    const rows: number[] = [];
    const run = (async () => {
      for await (const { input, result } of billing.createUsageRecords(source)) {
        expect(source).toContain(input);
        expect(result).toMatchObject({ ok: true, meta: { idempotencyKey: input.idempotencyKey } });
        rows.push(rowOf(input));
      }
    })();
    await until(() => admin.clock.waiting === 3);
    for (const count of [1, 2, 3]) {
      admin.clock.advance(100);
      await until(() => rows.length === count);
    }
    await run;

    expect(rows).toEqual([3, 2, 1]);
    expect(admin.ledger).toHaveLength(3);
  });

  test("one bad item never stops the rest", async () => {
    const { admin, billing } = await serveShop();
    const bad = { ...inputOf(2), price: { amount: "free", currencyCode: "USD" } } as const;
    const keyless = { ...inputOf(4), idempotencyKey: "" };
    const source: Input[] = [
      inputOf(1),
      bad,
      inputOf(3, { price: { amount: "100.00", currencyCode: "USD" } }),
      keyless,
      inputOf(5),
      JSON.parse("null"),
    ];
    const outcomes = new Map<unknown, unknown>();

    for await (const { input, result, error } of billing.createUsageRecords(source)) {
      outcomes.set(input, result ?? error);
    }

    expect(source.map((input) => outcomes.get(input))).toMatchObject([
      { ok: true },
      { name: "InvalidInputError", field: "price.amount" },
      { ok: false, userErrors: [{ code: "CAPPED_AMOUNT_EXCEEDED" }] },
      { name: "InvalidInputError", field: "idempotencyKey" },
      { ok: true },
      { name: "InvalidInputError", field: "input" },
    ]);
    expect(admin.ledger).toHaveLength(2);
  });

  test("an item without key is refused: the run could not be repeated", async () => {
    const { admin, billing } = await serveShop();
    const { idempotencyKey, ...keyless } = inputOf(1);

    const outcomes = [];
    for await (const outcome of billing.createUsageRecords([JSON.parse(JSON.stringify(keyless))])) {
      outcomes.push(outcome);
    }

    expect(idempotencyKey).toBe("row-1");
    expect(outcomes).toMatchObject([
      { error: { name: "InvalidInputError", field: "idempotencyKey" } },
    ]);
    expect(admin.requests).toHaveLength(0);
  });

  test("each charge is made once despite all faults, even if the run is repeated", async () => {
    const { admin, client } = await serveShop({
      shop: { bucket: { maximumAvailable: 100_000, restoreRate: 1_000 } },
      subscription: { cappedAmount: { amount: 1_000, currencyCode: "USD" } },
    });
    const billing = client({ retry: { attempts: 100, minDelay: 0, maxDelay: 1 } });
    admin.faults.rate({
      lostBefore: 0.1,
      lostAfter: 0.1,
      serverErrorAfter: 0.1,
      brokenJson: 0.1,
      keyInProgress: 0.1,
    });
    const charge = async (): Promise<number> => {
      let made = 0;
      for await (const { result } of billing.createUsageRecords(inputs(40))) {
        if (result?.ok) made += 1;
      }
      return made;
    };

    expect(await charge()).toBe(40);
    expect(await charge()).toBe(40);
    expect(admin.ledger.map(({ idempotencyKey }) => idempotencyKey).sort()).toEqual(
      inputs(40)
        .map(({ idempotencyKey }) => idempotencyKey)
        .sort(),
    );
  });

  test.each<[string, () => Iterable<Input> | AsyncIterable<Input>]>([
    ["a list", () => inputs(3)],
    ["a set", () => new Set(inputs(3))],
    [
      "a map's values",
      () => new Map(inputs(3).map((input) => [input.idempotencyKey, input])).values(),
    ],
    [
      "a generator",
      function* () {
        yield* inputs(3);
      },
    ],
    [
      "an async generator",
      async function* () {
        yield* inputs(3);
      },
    ],
    ["nothing at all", () => []],
  ])("of %s", async (name, source) => {
    const { admin, billing } = await serveShop();

    for await (const { result } of billing.createUsageRecords(source()))
      expect(result?.ok).toBe(true);

    expect(admin.ledger).toHaveLength(name === "nothing at all" ? 0 : 3);
  });
});

describe("the app's own data", () => {
  test("is returned as it is, and is not sent", async () => {
    const { admin, billing } = await serveShop();
    const row = Object.freeze({ id: 7n, of: new Map([["file", "usage.csv"]]) });

    for await (const { input } of billing.createUsageRecords([{ ...inputOf(1), context: row }])) {
      expect(input.context).toBe(row);
    }

    expect(admin.ledger).toHaveLength(1);
    expect(JSON.stringify(admin.requests.at(-1)?.variables)).not.toContain("usage.csv");
  });

  test("goes into context: other fields are refused", async () => {
    const { admin, billing } = await serveShop();
    const misspelt = JSON.parse(JSON.stringify({ ...inputOf(1), contexts: 5 }));

    for await (const { error } of billing.createUsageRecords([misspelt])) {
      expect(error).toMatchObject({ name: "InvalidInputError", field: "contexts" });
    }

    expect(admin.requests).toHaveLength(0);
  });
});

describe("stopOn", () => {
  const overCap = { price: { amount: "500.00", currencyCode: "USD" } } as const;

  test.each([
    ["any refusal", "refusal"],
    ["a code of the list", ["BILLING_NOT_ALLOWED", "CAPPED_AMOUNT_EXCEEDED"]],
  ] as const)("ends the run at %s, without an error", async (_, stopOn) => {
    const { admin, billing } = await serveShop();
    const source = [inputOf(1), inputOf(2, overCap), inputOf(3), inputOf(4)];
    const results: unknown[] = [];

    const options = { stopOn, concurrency: 1 };
    for await (const { result } of billing.createUsageRecords(source, options)) {
      results.push(result?.ok);
    }

    expect(results).toEqual([true, false]);
    expect(admin.ledger).toHaveLength(1);
  });

  test("returns the charges under way, and closes the source", async () => {
    const { admin, billing, lineItemId } = await serveShop();
    const named = { subscriptionLineItemId: lineItemId };
    let closed = false;
    function* source(): Generator<Input> {
      try {
        yield inputOf(1, { ...named, ...overCap });
        for (let row = 2; ; row += 1) yield inputOf(row, named);
      } finally {
        closed = true;
      }
    }
    // The refusal comes first, the two beside it take longer.
    let latency = -100;
    admin.faults.latency(() => (latency += 100));
    const results: unknown[] = [];
    const run = (async () => {
      const options = { stopOn: "refusal", concurrency: 3 } as const;
      for await (const { result } of billing.createUsageRecords(source(), options)) {
        results.push(result?.ok);
      }
    })();
    await until(() => results.length === 1 && admin.clock.waiting === 2);
    admin.clock.advance(1_000);
    await run;

    expect(results).toEqual([false, true, true]);
    expect(closed).toBe(true);
    expect(admin.ledger).toHaveLength(2);
  });

  test("lets other refusals and errors pass", async () => {
    const { admin, billing } = await serveShop();
    const source = [inputOf(1, overCap), { ...inputOf(2), description: "" }, inputOf(3)];

    for await (const _ of billing.createUsageRecords(source, {
      stopOn: ["SUBSCRIPTION_NOT_ACTIVE"],
    })) {
      void _;
    }

    expect(admin.ledger).toHaveLength(1);
  });

  test.each([true, "refusals", [5]])("refuses %j", async (stopOn) => {
    const { billing } = await serveShop();

    expect(() => billing.createUsageRecords([], { stopOn } as never)).toThrow(/^stopOn /);
  });
});

describe("how many at once", () => {
  test.each([
    [undefined, 10],
    [1, 1],
    [3, 3],
  ])("a concurrency of %s is %i under way", async (concurrency, most) => {
    const { admin, billing, lineItemId } = await serveShop();
    admin.faults.latency(100);
    const source = Array.from({ length: 30 }, (_, row) =>
      inputOf(row, { subscriptionLineItemId: lineItemId }),
    );
    const waiting: number[] = [];
    const finished: unknown[] = [];
    const run = (async () => {
      for await (const { result } of billing.createUsageRecords(source, { concurrency })) {
        finished.push(result?.ok);
      }
    })();
    while (finished.length < 30) {
      for (let index = 0; index < 30; index += 1) await turn();
      waiting.push(admin.clock.waiting);
      admin.clock.advance(100);
    }
    await run;

    expect(Math.max(...waiting)).toBe(most);
    expect(admin.ledger).toHaveLength(30);
  });

  test("an endless source is read no faster than it is charged", async () => {
    const { billing } = await serveShop({
      subscription: { cappedAmount: { amount: 1_000, currencyCode: "USD" } },
    });
    let read = 0;
    let closed = false;
    async function* endless(): AsyncGenerator<Input> {
      try {
        for (;;) yield inputOf((read += 1));
      } finally {
        closed = true;
      }
    }
    let taken = 0;
    const aheads: number[] = [];

    for await (const { result } of billing.createUsageRecords(endless(), { concurrency: 4 })) {
      expect(result?.ok).toBe(true);
      for (let index = 0; index < 20; index += 1) await turn();
      aheads.push(read - taken);
      taken += 1;
      if (taken === 30) break;
    }

    // Four under way or finished, and one read.
    expect(Math.max(...aheads)).toBeLessThanOrEqual(5);
    await until(() => closed);
  });

  test("a slow source does not hold back what is finished", async () => {
    const { billing } = await serveShop();
    let release = (): void => undefined;
    async function* slow(): AsyncGenerator<Input> {
      yield inputOf(1);
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      yield inputOf(2);
    }
    const rows: number[] = [];

    for await (const { input } of billing.createUsageRecords(slow())) {
      rows.push(rowOf(input));
      release();
    }

    expect(rows).toEqual([1, 2]);
  });
});

describe("a key that comes twice", () => {
  test("with the same content is charged once", async () => {
    const { admin, client } = await serveShop();
    const billing = client({ retry: { minDelay: 0, maxDelay: 1 } });
    const again = inputOf(2, {
      idempotencyKey: "row-1",
      price: { amount: 1, currencyCode: "USD" },
    });
    const oks: unknown[] = [];

    for await (const { result } of billing.createUsageRecords([inputOf(1), again])) {
      oks.push(result?.ok);
    }

    expect(oks).toEqual([true, true]);
    expect(admin.ledger).toHaveLength(1);
  });

  test.each([
    ["price", { price: { amount: "2.00", currencyCode: "USD" } }],
    ["description", { description: "2000 emails" }],
    ["line item", { subscriptionLineItemId: "gid://shopify/AppSubscriptionLineItem/9" }],
  ] as const)("with another %s is refused", async (_, other) => {
    const { admin, billing } = await serveShop();
    // Beside the first, and long after it.
    const source = [
      inputOf(1),
      inputOf(2, { idempotencyKey: "row-1", ...other }),
      ...inputs(5).slice(2),
    ];
    source.push(inputOf(6, { idempotencyKey: "row-1", ...other }));
    const refused: unknown[] = [];

    for await (const { input, error } of billing.createUsageRecords(source, { concurrency: 2 })) {
      if (error) refused.push([source.indexOf(input), error]);
    }

    const error = {
      name: "InvalidInputError",
      field: "idempotencyKey",
      message: expect.stringContaining('"row-1" came before in this run, with other content'),
    };
    expect(refused).toMatchObject([
      [1, error],
      [5, error],
    ]);
    expect(admin.ledger).toHaveLength(4);
  });

  test("may be used again in another run", async () => {
    const { billing } = await serveShop();
    const outcomes: unknown[] = [];

    for (const amount of ["1.00", "2.00"]) {
      const source = [inputOf(1, { price: { amount, currencyCode: "USD" } })];
      for await (const outcome of billing.createUsageRecords(source)) outcomes.push(outcome);
    }

    expect(outcomes).toMatchObject([
      { result: { ok: true } },
      { error: { name: "IdempotencyConflictError" } },
    ]);
  });
});

describe("the end", () => {
  test("an abort starts no new charge, returns those under way, then throws", async () => {
    const { admin, billing, lineItemId } = await serveShop();
    const controller = new AbortController();
    admin.faults.latency(100);
    const source = Array.from({ length: 50 }, (_, index) =>
      inputOf(index, { subscriptionLineItemId: lineItemId }),
    );
    const results: unknown[] = [];
    const run = settled(
      (async () => {
        const options = { concurrency: 3, signal: controller.signal };
        for await (const { result } of billing.createUsageRecords(source, options)) {
          results.push(result?.ok);
        }
      })(),
    );
    await until(() => admin.clock.waiting === 3);

    controller.abort("closing time");
    for (let index = 0; index < 20; index += 1) await turn();
    admin.clock.advance(100);

    expect(await run).toMatchObject({
      name: "AbortedError",
      cause: "closing time",
      certainty: "notApplied",
    });
    expect(results).toEqual([true, true, true]);
    expect(admin.ledger).toHaveLength(3);
  });

  test("an abort does not wait for a source that gives nothing", async () => {
    const { billing } = await serveShop();
    const controller = new AbortController();
    async function* silent(): AsyncGenerator<Input> {
      yield inputOf(1);
      await new Promise(() => undefined);
    }
    const run = settled(
      (async () => {
        for await (const { input } of billing.createUsageRecords(silent(), controller)) {
          expect(rowOf(input)).toBe(1);
          setImmediate(() => controller.abort("enough"));
        }
      })(),
    );

    expect(await run).toMatchObject({ name: "AbortedError", cause: "enough" });
  });

  test("an abort after the last item was read changes nothing", async () => {
    const { admin, billing } = await serveShop();
    const controller = new AbortController();
    let rows = 0;

    for await (const { result } of billing.createUsageRecords(inputs(2), controller)) {
      expect(result?.ok).toBe(true);
      rows += 1;
      if (rows === 2) controller.abort();
    }

    expect(admin.ledger).toHaveLength(2);
  });

  test("an abort before the beginning reads nothing", async () => {
    const { admin, billing } = await serveShop();
    const next = vi.fn<() => IteratorResult<Input>>();
    const run = async (): Promise<void> => {
      const options = { signal: AbortSignal.abort("never") };
      for await (const _ of billing.createUsageRecords(
        { [Symbol.iterator]: () => ({ next }) },
        options,
      )) {
        void _;
      }
    };

    expect(await settled(run())).toMatchObject({ name: "AbortedError", cause: "never" });
    expect(next).not.toHaveBeenCalled();
    expect(admin.requests).toHaveLength(0);
  });

  test("leaving the loop ends what is under way and closes the source", async () => {
    const unhandled = vi.fn<(reason: unknown) => void>();
    process.on("unhandledRejection", unhandled);
    const { admin, billing, events } = await serveShop();
    let closed = false;
    function* source(): Generator<Input> {
      try {
        yield* inputs(50);
      } finally {
        closed = true;
      }
    }

    for await (const { result } of billing.createUsageRecords(source(), { concurrency: 5 })) {
      expect(result?.ok).toBe(true);
      break;
    }
    const requests = admin.requests.length;
    for (let index = 0; index < 50; index += 1) await turn();

    process.off("unhandledRejection", unhandled);
    expect(closed).toBe(true);
    expect(unhandled).not.toHaveBeenCalled();
    expect(admin.requests.length).toBeLessThanOrEqual(requests + 5);
    expect(events.filter(({ type }) => type === "request").length).toBeLessThanOrEqual(
      requests + 5,
    );
  });

  test("leaving the loop ends calls that wait for a retry", async () => {
    const { admin, client } = await serveShop();
    const billing = client({ retry: { minDelay: 10_000, maxDelay: 10_000 } });
    vi.spyOn(Math, "random").mockReturnValue(0.9);
    admin.faults.next("lostBefore", 3, "mutations");
    const source = [1, 2, 3, 4].map((row) => inputOf(row));

    for await (const { result } of billing.createUsageRecords(source)) {
      expect(result?.ok).toBe(true);
      break;
    }
    vi.restoreAllMocks();

    // Otherwise the test would last as long as they wait.
    expect(admin.ledger).toHaveLength(1);
  });

  const failure = new Error("The file is broken");

  test.each<[string, number, () => Iterable<Input> | AsyncIterable<Input>]>([
    [
      "throws at once",
      0,
      () => ({
        [Symbol.iterator]: () => ({
          next: () => {
            throw failure;
          },
        }),
      }),
    ],
    [
      "throws after some items",
      3,
      function* () {
        yield* inputs(3);
        throw failure;
      },
    ],
    [
      "rejects at once",
      0,
      () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(failure) }) }),
    ],
    [
      "rejects after some items",
      3,
      async function* () {
        yield* inputs(3);
        throw failure;
      },
    ],
  ])("a source that %s: what was begun comes out, then its error", async (_, count, source) => {
    const { admin, billing } = await serveShop();
    const results: unknown[] = [];

    const run = (async () => {
      for await (const { result } of billing.createUsageRecords(source())) results.push(result?.ok);
    })();

    expect(await settled(run)).toBe(failure);
    expect(results).toEqual(Array.from({ length: count }, () => true));
    expect(admin.ledger).toHaveLength(count);
  });
});

test("a charge of a run costs 11 points, where one with the whole record costs 13", async () => {
  const { billing, lineItemId } = await serveShop();
  const charge = inputOf(1, { subscriptionLineItemId: lineItemId });

  for await (const { result } of billing.createUsageRecords([charge])) {
    expect(result?.meta.cost).toMatchObject({ requested: 11, actual: 11 });
  }
  const { meta } = await billing.createUsageRecord({ ...charge, idempotencyKey: "row-2" });
  expect(meta.cost).toMatchObject({ requested: 13, actual: 13 });
});

test("a run asks for the record without its plan, which costs points", async () => {
  const { admin, billing, lineItemId } = await serveShop();

  for await (const { result } of billing.createUsageRecords([inputOf(1)])) {
    expect(result?.ok && result.usageRecord).toEqual({
      id: admin.ledger[0]?.id,
      createdAt: "2026-11-21T12:00:00Z",
      description: "1000 emails",
      idempotencyKey: "row-1",
      price: { amount: "1.0", currencyCode: "USD" },
      subscriptionLineItem: { id: lineItemId },
    });
  }
});

describe("the line item", () => {
  test("is looked up once a run", async () => {
    const { admin, billing } = await serveShop();

    for await (const { result } of billing.createUsageRecords(inputs(20)))
      expect(result?.ok).toBe(true);

    const lookUps = admin.requests.filter(({ operationType }) => operationType === "query");
    expect(lookUps).toHaveLength(1);
    expect(admin.ledger).toHaveLength(20);
  });

  test("is looked up again in the next run", async () => {
    const { admin, billing } = await serveShop();

    for (const row of [1, 2]) {
      for await (const { result } of billing.createUsageRecords([inputOf(row)]))
        expect(result?.ok).toBe(true);
    }

    expect(admin.requests).toHaveLength(4);
  });

  test("is not looked up if every item names one", async () => {
    const { admin, billing, lineItemId } = await serveShop();
    const source = [1, 2, 3].map((row) => inputOf(row, { subscriptionLineItemId: lineItemId }));

    for await (const { result } of billing.createUsageRecords(source))
      expect(result?.ok).toBe(true);

    expect(admin.requests).toHaveLength(3);
  });

  test("is looked up again if the plan changes, and no charge is lost", async () => {
    const { admin, shop, billing, subscription } = await serveShop();
    const bigger = shop.createSubscription({ cappedAmount: { amount: 500, currencyCode: "USD" } });
    let count = 0;

    for await (const { result } of billing.createUsageRecords(inputs(20), { concurrency: 4 })) {
      expect(result?.ok).toBe(true);
      count += 1;
      if (count === 10) shop.approve(bigger.id);
    }

    const lookUps = admin.requests.filter(({ operationType }) => operationType === "query");
    expect(lookUps).toHaveLength(2);
    expect(admin.ledger).toHaveLength(20);
    expect(
      new Set(admin.ledger.map(({ subscriptionLineItemId }) => subscriptionLineItemId)),
    ).toEqual(new Set([subscription.usageLineItem?.id, bigger.usageLineItem?.id]));
  });

  test("that does not exist is an error of each item, and is looked up once", async () => {
    const { admin, billing } = await serveShop({ subscription: { status: "CANCELLED" } });
    const errors: unknown[] = [];

    for await (const { error } of billing.createUsageRecords(inputs(20), { concurrency: 3 })) {
      errors.push(error);
    }

    expect(errors).toHaveLength(20);
    for (const error of errors) expect(error).toMatchObject({ name: "NoActiveUsageLineItemError" });
    expect(admin.requests).toHaveLength(1);
  });

  test("is looked up again after a failed look-up", async () => {
    const { admin, client } = await serveShop();
    const billing = client({ onEvent: skipWaits(), retry: false });
    admin.faults.next("serverErrorBefore");
    const outcomes: unknown[] = [];

    for await (const { result, error } of billing.createUsageRecords(inputs(3), {
      concurrency: 1,
    })) {
      outcomes.push(result?.ok ?? error);
    }

    expect(outcomes).toMatchObject([{ name: "ServerError", certainty: "notApplied" }, true, true]);
    expect(admin.ledger).toHaveLength(2);
  });
});
