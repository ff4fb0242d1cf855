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
import { filter, makeSubject, merge, pipe, subscribe } from "wonka";
import { NetworkError } from "../errors/connection-errors.js";
import { pacing } from "../transport/pacing.js";
import { failureOf } from "../transport/urql-result.js";
import { exchangeOf } from "./exchange.js";

const context = { url: "", requestPolicy: "network-only" } as const;

function operation(kind: "query" | "mutation" | "subscription", name: string): Operation {
  const document = gql(`${kind} Test($name: String) { field(name: $name) }`);
  return makeOperation(kind, createRequest(document, { name }), context);
}

function nameOf({ variables }: Operation): unknown {
  return variables?.["name"];
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

/** An exchange before one whose answers the test gives. */
function setUp(exchange: Exchange) {
  const { source: operations$, next: dispatch } = makeSubject<Operation>();
  const { source: answers$, next: answer } = makeSubject<OperationResult>();
  const forwarded: Operation[] = [];
  const results: OperationResult[] = [];
  const never: Exchange = () => (passed$) =>
    merge([
      answers$,
      pipe(
        passed$,
        filter((passed) => {
          forwarded.push(passed);
          return false;
        }),
      ) as never, // none of them passes
    ]);
  const input = { client: null as never, dispatchDebug: () => undefined }; // which nobody reads
  const forward = never({ ...input, forward: () => answers$ });
  pipe(
    exchange({ ...input, forward })(operations$),
    subscribe((result) => results.push(result)),
  );
  return {
    dispatch,
    tearDown: (made: Operation): void => dispatch(makeOperation("teardown", made)),
    answer: (made: Operation | undefined, answered: object = { data: { field: 1 } }): void => {
      if (made) answer(makeResult(made, answered));
    },
    forwarded,
    results,
  };
}

const again = exchangeOf((next) => (call, done) => {
  next(call, (outcome) => (outcome.failure ? next(call, done) : done(outcome)));
});

test("results go on as the next exchange gave them", async () => {
  const { dispatch, forwarded, answer, results } = setUp(again);

  dispatch(operation("query", "a"));
  answer(forwarded[0]);
  await turns();

  expect(results).toHaveLength(1);
  expect(results[0]).toMatchObject({ data: { field: 1 }, operation: forwarded[0] });
});

test("an operation that is sent again is the same, of the same call", async () => {
  const { dispatch, forwarded, answer, results } = setUp(again);

  dispatch(operation("mutation", "a"));
  answer(forwarded[0], { errors: [{ message: "No" }] });
  await turns();
  expect(results).toEqual([]);
  answer(forwarded[1]);
  await turns();

  expect(forwarded[1]).toBe(forwarded[0]);
  expect(results).toHaveLength(1);
});

test("a failure that a layer finds is the result's network error", async () => {
  const failure = new NetworkError("broken", { certainty: "unknown" });
  const broken = { data: undefined, errors: undefined, extensions: undefined, cost: null };
  const { dispatch, results } = setUp(exchangeOf(() => (_, done) => done({ ...broken, failure })));

  dispatch(operation("mutation", "a"));
  await turns();

  expect(results[0]?.error?.networkError).toBe(failure);
});

test("GraphQL errors that a layer read are classified once", async () => {
  const errors = [{ message: "No" }];
  const failure = new NetworkError("as the layer says", { certainty: "unknown" });
  const { dispatch, results } = setUp(
    exchangeOf(() => (_, done) => {
      done({ data: null, errors, extensions: {}, cost: null, failure });
    }),
  );

  dispatch(operation("mutation", "a"));
  await turns();

  const [result] = results;
  expect(result?.error?.graphQLErrors).toMatchObject(errors);
  expect(result && failureOf(result)).toBe(failure);
});

test("an operation that is torn down gives no result, and goes on to the next exchange", async () => {
  const { dispatch, tearDown, forwarded, answer, results } = setUp(again);
  const made = operation("query", "a");

  dispatch(made);
  tearDown(made);
  answer(forwarded[0], { errors: [{ message: "No" }] });
  await turns();

  expect(forwarded.map(({ kind }) => kind)).toEqual(["query", "teardown"]);
  expect(results.filter(({ data }) => data)).toEqual([]);
});

test("one that is dispatched anew under its key takes the place of the first, waiting or under way", async () => {
  const { dispatch, forwarded, answer, results } = setUp(exchangeOf(pacing()));
  const made = Array.from({ length: 12 }, (_, index) => operation("query", `${index}`));

  for (const one of [...made, ...made]) dispatch(one);
  await turns();
  const inVain = new Set<number>();
  for (let index = 0; index < forwarded.length; index += 1) {
    const { key = 0 } = forwarded[index] ?? {};
    if (inVain.has(key)) answer(forwarded[index]);
    inVain.add(key);
    await turns();
  }

  expect(results.map((result) => nameOf(result.operation))).toEqual(made.map(nameOf));
});

test("subscriptions and their results pass", async () => {
  const { dispatch, forwarded, answer, results } = setUp(again);
  const made = operation("subscription", "a");

  dispatch(made);
  answer(made);
  answer(made);

  expect(forwarded).toEqual([made]);
  expect(results).toHaveLength(2);
});

test("a document without a single operation is an error, not a loss", async () => {
  const { dispatch, results } = setUp(again);
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

  expect(results[0]?.error?.networkError).toMatchObject({ name: "InvalidInputError" });
});
