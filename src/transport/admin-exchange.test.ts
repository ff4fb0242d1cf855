import {
  createRequest,
  gql,
  makeOperation,
  makeResult,
  type Exchange,
  type Operation,
  type OperationResult,
} from "@urql/core";
import { expect, test } from "vitest";
import { filter, makeSubject, pipe, subscribe } from "wonka";
import { adminExchange, terminal } from "./admin-exchange.js";
import type { Attempt } from "./attempt.js";
import { failureOf } from "./failure.js";

const context = { url: "", requestPolicy: "network-only" } as const;

function operation(kind: "query" | "mutation" | "subscription", name: string): Operation {
  const document = gql(`${kind} Test($name: String) { field(name: $name) }`);
  return makeOperation(kind, createRequest(document, { name }), context);
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

/** Sets up an exchange as the last of a client. */
function setUp(exchange: Exchange) {
  const { source: operations$, next: dispatch } = makeSubject<Operation>();
  const forwarded: Operation[] = [];
  const results: OperationResult[] = [];
  const none = (passed$: typeof operations$) =>
    pipe(
      passed$,
      filter((passed) => {
        forwarded.push(passed);
        return false;
      }),
    ) as never; // none of them passes
  const input = { client: null as never, dispatchDebug: () => undefined, forward: none }; // no client is read
  pipe(
    exchange(input)(operations$),
    subscribe((result) => results.push(result)),
  );
  return {
    dispatch,
    tearDown: (made: Operation): void => dispatch(makeOperation("teardown", made)),
    forwarded,
    results,
  };
}

/** Sets up a terminal exchange whose answers the test gives. */
function setUpAnswers() {
  const begun: { operation: Operation; signal: AbortSignal; answer: () => void }[] = [];
  const attempt: Attempt = (made, { signal }) =>
    new Promise((resolve) => {
      const answer = (): void => resolve(makeResult(made, { data: { field: begun.length } }));
      begun.push({ operation: made, signal, answer });
    });
  return { ...setUp(terminal(attempt)), begun };
}

test("an attempt's result is the result", async () => {
  const { dispatch, begun, results } = setUpAnswers();

  dispatch(operation("query", "a"));
  begun[0]?.answer();
  await turns();

  expect(results).toMatchObject([{ data: { field: 1 } }]);
});

test("an operation that is torn down is aborted and gives no result", async () => {
  const { dispatch, tearDown, begun, results } = setUpAnswers();
  const made = operation("mutation", "a");

  dispatch(made);
  tearDown(made);
  begun[0]?.answer();
  await turns();

  expect(begun[0]?.signal.aborted).toBe(true);
  expect(results).toEqual([]);
});

test("an operation that is dispatched again replaces the first", async () => {
  const { dispatch, begun, results } = setUpAnswers();
  const made = operation("query", "a");

  dispatch(made);
  dispatch(made);
  for (const { answer } of begun) answer();
  await turns();

  expect(begun.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  expect(results).toMatchObject([{ data: { field: 2 } }]);
});

test("subscriptions pass to the next exchange", () => {
  const { dispatch, forwarded, begun } = setUpAnswers();
  const made = operation("subscription", "a");

  dispatch(made);

  expect(forwarded).toEqual([made]);
  expect(begun).toEqual([]);
});

test("a document with two operations is an error, and nothing is sent", async () => {
  let requests = 0;
  const { dispatch, results } = setUp(
    adminExchange({
      endpoint: "https://example.myshopify.com/admin/api/2026-10/graphql.json",
      accessToken: "shpat_3c1b7d0fe2a94586",
      fetch: async () => {
        requests += 1;
        return new Response();
      },
    }),
  );
  const two = gql`
    query A {
      a
    }
    query B {
      b
    }
  `;

  dispatch(makeOperation("query", createRequest(two, {}), context));
  await turns();

  const [result] = results;
  expect(result && failureOf(result)).toMatchObject({ name: "InvalidInputError" });
  expect(requests).toBe(0);
});
