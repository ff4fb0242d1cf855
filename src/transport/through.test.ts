import {
  Client,
  createRequest,
  gql,
  makeErrorResult,
  makeResult,
  type Operation,
  type OperationResult,
} from "@urql/core";
import { getEventListeners } from "node:events";
import { afterEach, describe, expect, test, vi } from "vitest";
import { filter, makeSubject, map, merge, pipe } from "wonka";
import { Call, callOf, withCall, type CallSettings } from "./call.js";
import { failureOf } from "./failure.js";
import { through } from "./through.js";

afterEach(() => {
  vi.useRealTimers();
});

type Respond = (operation: Operation, answer: (result: OperationResult) => void) => void;

/** An app's own urql client, whose last exchange answers as the test says, and one operation for it. */
function setUp(kind: "query" | "mutation", respond: Respond, settings: CallSettings = {}) {
  const seen: Operation[] = [];
  const client = new Client({
    url: "https://app.example/graphql",
    exchanges: [
      () => (operations$) => {
        const { source, next } = makeSubject<OperationResult>();
        const none$ = pipe(
          operations$,
          filter((operation) => {
            seen.push(operation);
            if (operation.kind !== "teardown") respond(operation, next);
            return false;
          }),
          map((operation) => makeResult(operation, { data: null })),
        );
        return merge([source, none$]);
      },
    ],
  });
  const call = new Call(kind, settings);
  const request = createRequest(gql(`${kind} { charge }`), {});
  const context = { requestPolicy: "network-only" as const, ...withCall(call) };
  const operation = client.createRequestOperation(kind, request, context);
  const controller = new AbortController();
  return {
    call,
    controller,
    kinds: () => seen.map(({ kind }) => kind),
    send: () => through(client)(operation, controller.signal),
  };
}

function throttled(operation: Operation): OperationResult {
  const errors = [{ message: "Throttled", extensions: { code: "THROTTLED" } }];
  return makeResult(operation, { errors });
}

const done: Respond = (operation, answer) =>
  answer(makeResult(operation, { data: { charge: "done" } }));

const discloses: Respond = (operation) => {
  callOf(operation).disclosed = true;
};

test("an operation that was aborted before is never dispatched", async () => {
  const { call, controller, kinds, send } = setUp("mutation", done);
  controller.abort();

  const result = await send();

  expect(failureOf(result)).toMatchObject({ name: "AbortedError", certainty: "notApplied" });
  expect(call).toMatchObject({ dispatches: 0, certainty: "notApplied" });
  expect(kinds()).toEqual([]);
});

test.each(["query", "mutation"] as const)(
  "a %s that is aborted under way is torn down, and its answer comes too late",
  async (kind) => {
    let late = (): void => undefined;
    const { call, controller, kinds, send } = setUp(kind, (operation, answer) => {
      late = () => done(operation, answer);
    });
    const sent = send();

    controller.abort();
    late();

    expect(failureOf(await sent)).toMatchObject({ name: "AbortedError" });
    expect(call.certainty).toBe(kind === "query" ? "notApplied" : "unknown");
    expect(kinds()).toEqual([kind, "teardown"]);
  },
);

test.each(["query", "mutation"] as const)(
  "a %s that is aborted while it is dispatched is torn down",
  async (kind) => {
    const { controller, kinds, send } = setUp(kind, () => controller.abort());

    expect(failureOf(await send())).toMatchObject({ name: "AbortedError" });
    expect(kinds()).toEqual([kind, "teardown"]);
  },
);

test.each([
  ["mutation", { hasNext: true }],
  ["query", { stale: true }],
] as const)(
  "a result of a %s that another will follow, %j, is not the answer",
  async (kind, more) => {
    const { send } = setUp(kind, (operation, answer) => {
      answer({ ...makeResult(operation, { data: { charge: "part" } }), ...more });
      done(operation, answer);
    });

    expect(await send()).toMatchObject({ data: { charge: "done" } });
  },
);

test("a call that was answered leaves no listener on its signal", async () => {
  const { controller, send } = setUp("mutation", done);

  await send();

  expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
});

test("no answer of exchanges that hide their attempts proves that nothing was executed", async () => {
  const { call, send } = setUp("mutation", (operation, answer) => answer(throttled(operation)));

  expect(failureOf(await send())).toMatchObject({ name: "ThrottledError" });
  expect(call).toMatchObject({ certainty: "unknown", isHidden: true });
});

test("an answer of an exchange that hides nothing proves it", async () => {
  const { call, send } = setUp("mutation", (operation, answer) => {
    callOf(operation).disclosed = true;
    answer(throttled(operation));
  });

  await send();

  expect(call).toMatchObject({ certainty: "notApplied", isHidden: false });
});

test("what was disclosed of one dispatch says nothing about the next", async () => {
  let dispatches = 0;
  const { call, send } = setUp("mutation", (operation, answer) => {
    dispatches += 1;
    callOf(operation).disclosed ||= dispatches === 1;
    answer(throttled(operation));
  });

  await send();
  await send();

  expect(call).toMatchObject({ certainty: "unknown", isHidden: true });
});

test("exchanges that throw make a failure, of a charge that may have been made", async () => {
  const { call, send } = setUp("mutation", () => {
    throw new Error("The exchange is broken");
  });

  expect(failureOf(await send())).toMatchObject({ name: "NetworkError", certainty: "unknown" });
  expect(call.certainty).toBe("unknown");
});

test("an error of an exchange is the answer", async () => {
  const { send } = setUp("mutation", (operation, answer) =>
    answer(makeErrorResult(operation, new Error("offline"))),
  );

  expect(failureOf(await send())).toMatchObject({ message: "The request failed: offline" });
});

describe("the timeout of a call", () => {
  const silent: Respond = () => undefined;

  test.each(["query", "mutation"] as const)(
    "ends a %s that the app's exchanges never answer, and tears it down",
    async (kind) => {
      vi.useFakeTimers();
      const { call, kinds, send } = setUp(kind, silent, { timeout: 30 });
      const sent = send();

      await vi.advanceTimersByTimeAsync(30);

      const certainty = kind === "query" ? "notApplied" : "unknown";
      expect(failureOf(await sent)).toMatchObject({
        name: "TimeoutError",
        message: "No complete response came within 30 ms",
        certainty,
      });
      expect(call.certainty).toBe(certainty);
      expect(kinds()).toEqual([kind, "teardown"]);
    },
  );

  test.each([
    ["that is answered at once", done],
    ["that adminExchange sends, which has a timer of its own", discloses],
  ])("sets no timer for a call %s", (_, respond) => {
    vi.useFakeTimers();
    const { send } = setUp("mutation", respond, { timeout: 30 });

    void send();

    expect(vi.getTimerCount()).toBe(0);
  });

  test.each(["an answer", "an abort"])("leaves no timer behind after %s", async (end) => {
    vi.useFakeTimers();
    let answer = (): void => undefined;
    const { controller, send } = setUp(
      "mutation",
      (operation, next) => {
        answer = () => done(operation, next);
      },
      { timeout: 30 },
    );
    const sent = send();

    if (end === "an abort") controller.abort();
    else answer();
    await sent;

    expect(vi.getTimerCount()).toBe(0);
  });
});
