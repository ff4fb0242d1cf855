import { createRequest, gql, makeOperation, type Operation } from "@urql/core";
import { afterEach, expect, test, vi } from "vitest";
import { AccessTokenError } from "../errors/access-errors.js";
import { withCallFacts } from "../errors/usage-billing-error.js";
import { TokenSource } from "./access-token.js";
import { attempting, type Attempt } from "./attempt.js";
import { Call, withCall } from "./call.js";
import { failureOf } from "./failure.js";

afterEach(() => {
  vi.useRealTimers();
});

function setUp(
  fetch: typeof globalThis.fetch,
  timeout?: number,
): {
  readonly attempt: Attempt;
  readonly call: Call;
  readonly charge: (variables?: object) => Operation;
} {
  const call = new Call("mutation");
  const context = { url: "", requestPolicy: "network-only" as const, ...withCall(call) };
  const tokens = new TokenSource("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");
  return {
    attempt: attempting({ endpoint: "https://shop.example/graphql.json", tokens, fetch, timeout }),
    call,
    charge: (variables = {}) =>
      makeOperation(
        "mutation",
        createRequest(gql("mutation ($price: Int) { charge(price: $price) }"), { ...variables }),
        context,
      ),
  };
}

function executed(): Response {
  return new Response(JSON.stringify({ data: { charge: "done" } }));
}

test("an attempt that was aborted before is not handed to fetch", async () => {
  let requests = 0;
  const { attempt, call, charge } = setUp(async () => {
    requests += 1;
    return executed();
  });
  const controller = new AbortController();
  controller.abort();

  const result = await attempt(charge(), controller);

  expect(requests).toBe(0);
  expect(failureOf(result)).toMatchObject({ name: "AbortedError", certainty: "notApplied" });
  expect(call).toMatchObject({ attempts: 0, certainty: "notApplied" });
});

test("nor is one that the app's own variables abort as they are written", async () => {
  let requests = 0;
  const { attempt, call, charge } = setUp(async () => {
    requests += 1;
    return executed();
  });
  const controller = new AbortController();
  let isSending = false; // urql writes the variables once more, for its key.
  const toJSON = (): number => {
    if (isSending) controller.abort();
    return 1;
  };
  const operation = charge({ price: { toJSON } });
  isSending = true;

  await attempt(operation, controller);

  expect(requests).toBe(0);
  expect(call.certainty).toBe("notApplied");
});

test("an attempt that is aborted in fetch may have been executed, whatever fetch makes of it", async () => {
  for (const end of [
    async () => executed(),
    async () => new Response("{}", { status: 401 }),
    () => Promise.reject(new DOMException("Aborted", "AbortError")),
    () => Promise.reject(Object.assign(new Error("x"), { code: "ECONNREFUSED" })),
  ]) {
    const controller = new AbortController();
    const { attempt, call, charge } = setUp(() => {
      controller.abort();
      return end();
    });

    await attempt(charge(), controller);

    expect(call).toMatchObject({ attempts: 1, certainty: "unknown" });
  }
});

/** A body that says whether the reader let go of it. */
function body(onCancel: () => void, onRead?: (stream: ReadableStreamDefaultController) => void) {
  return new ReadableStream({ pull: (stream) => onRead?.(stream), cancel: onCancel });
}

test("a response that comes after the abort is let go of, and says nothing about the call", async () => {
  const onCancel = vi.fn();
  const controller = new AbortController();
  const { attempt, call, charge } = setUp(async () => {
    controller.abort();
    return new Response(body(onCancel), { status: 401 });
  });

  await attempt(charge(), controller);

  expect(onCancel).toHaveBeenCalledOnce();
  expect(call.head).toBeNull();
});

test("a body is let go of once its call is aborted", async () => {
  const onCancel = vi.fn();
  const controller = new AbortController();
  const onRead = vi.fn((stream: ReadableStreamDefaultController) => {
    stream.enqueue(new TextEncoder().encode("{"));
    if (onRead.mock.calls.length === 10) controller.abort();
  });
  const { attempt, call, charge } = setUp(async () => new Response(body(onCancel, onRead)));

  await attempt(charge(), controller);

  expect(onCancel).toHaveBeenCalledOnce();
  expect(onRead.mock.calls.length).toBeLessThan(20);
  expect(call.body).toBeNull();
});

test("the body of a redirect is let go of", async () => {
  const onCancel = vi.fn();
  const { attempt, charge } = setUp(async () => new Response(body(onCancel), { status: 302 }));

  const result = await attempt(charge(), new AbortController());

  expect(failureOf(result)).toMatchObject({ name: "InvalidResponseError", status: 302 });
  expect(onCancel).toHaveBeenCalledOnce();
});

test("an attempt without a response knows nothing of the one before", async () => {
  vi.useFakeTimers();
  const responses = [new Response("{}", { status: 503, headers: { "x-request-id": "first" } })];
  const { attempt, call, charge } = setUp(
    async () => responses.pop() ?? new Promise(() => undefined),
  );
  await attempt(charge(), new AbortController());

  const attempted = attempt(charge(), new AbortController());
  await vi.advanceTimersByTimeAsync(10_000);

  expect(failureOf(await attempted)).toMatchObject({ name: "TimeoutError", requestId: null });
  expect(call).toMatchObject({ head: null, body: null });
});

/** A response whose headers come, and whose body never does; or breaks off, if there is an error. */
function unfinished(status: number, error?: Error): Response {
  const body = new ReadableStream({ start: (stream) => error && stream.error(error) });
  return new Response(body, { status });
}

test.each([
  ["never ends", undefined, "TimeoutError"],
  ["breaks off", new TypeError("terminated"), "NetworkError"],
])(
  "a body that %s leaves the meaning of its status, which proves nothing",
  async (_, error, ofSuccess) => {
    vi.useFakeTimers();
    const failureAt = async (status: number): Promise<unknown> => {
      const { attempt, call, charge } = setUp(async () => unfinished(status, error));
      const attempted = attempt(charge(), new AbortController());
      await vi.advanceTimersByTimeAsync(10_000);
      const failure = failureOf(await attempted);
      expect(failure).toMatchObject({ certainty: "unknown", status });
      expect(call.certainty).toBe("unknown");
      return failure?.name;
    };

    expect(await failureAt(200)).toBe(ofSuccess);
    expect(await failureAt(401)).toBe("AuthenticationError");
    expect(await failureAt(429)).toBe("ThrottledError");
    expect(await failureAt(503)).toBe("ServerError");
  },
);

test.each([
  ["ten seconds", 10_000, undefined],
  ["the client's timeout", 2_000, 2_000],
])(
  "an attempt ends after %s, even if fetch ignores the signal",
  async (_, milliseconds, timeout) => {
    vi.useFakeTimers();
    const { attempt, charge } = setUp(() => new Promise(() => undefined), timeout);
    const controller = new AbortController();

    const attempted = attempt(charge(), controller);
    await vi.advanceTimersByTimeAsync(milliseconds - 1);
    expect(controller.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);

    expect(failureOf(await attempted)).toMatchObject({
      name: "TimeoutError",
      message: `No complete response came within ${milliseconds} ms`,
      certainty: "unknown",
    });
    expect(controller.signal.aborted).toBe(true);
  },
);

test.each([
  [{ data: { charge: "done" } }, "unknown"],
  [{ errors: [{ message: "x", extensions: { code: "INTERNAL_SERVER_ERROR" } }] }, "unknown"],
  [{ errors: [{ message: "x", extensions: { code: "THROTTLED" } }] }, "notApplied"],
  [
    { data: { charge: null }, errors: [{ message: "x", extensions: { code: "THROTTLED" } }] },
    "unknown",
  ],
] as const)(
  "only an answer that proves it takes an attempt back: %j",
  async (answer, certainty) => {
    const { attempt, call, charge } = setUp(async () => new Response(JSON.stringify(answer)));

    await attempt(charge(), new AbortController());

    expect(call.certainty).toBe(certainty);
  },
);

test.each([
  [
    "fetch",
    async (foreign: Error) => {
      throw foreign;
    },
  ],
  [
    "body",
    async (foreign: Error) =>
      new Response(new ReadableStream({ start: (stream) => stream.error(foreign) })),
  ],
])(
  "an error that ended another call proves nothing if the app's own %s throws it",
  async (_, fetch) => {
    const foreign = new AccessTokenError("The accessToken function failed");
    withCallFacts(foreign, { certainty: "notApplied", idempotencyKey: "another", attempts: 0 });
    const { attempt, call, charge } = setUp(() => fetch(foreign));

    const failure = failureOf(await attempt(charge(), new AbortController()));

    expect(foreign.certainty).toBe("notApplied");
    expect(failure).toMatchObject({ name: "NetworkError", certainty: "unknown", cause: foreign });
    expect(failure?.message).toContain("The accessToken function failed");
    expect(call.certainty).toBe("unknown");
  },
);
