import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import type { AnyVariables, Client, ExchangeIO, Operation, OperationResult } from "@urql/core";
import { empty, filter, makeSubject, mergeMap, pipe, subscribe, take } from "wonka";
import type { Call } from "./call.js";

/** What a urql exchange is without its client: operations and results, around those of the next layer. */
export type Layer = (forward: ExchangeIO) => ExchangeIO;

/** One call: what to run, as which call, and whom to tell. */
export interface Run<Data, Variables extends AnyVariables> {
  readonly kind: "query" | "mutation";
  readonly document: TypedDocumentNode<Data, Variables>;
  readonly variables: Variables;
  readonly call: Call;
  /** Is told the result, once, unless the run is cancelled before. */
  readonly done: (result: OperationResult<Data>) => void;
}

/** Runs operations; what it returns stops the operation wherever it is, under way or waiting. */
export type Pipeline = <Data, Variables extends AnyVariables>(
  run: Run<Data, Variables>,
) => () => void;

// urql merges equal concurrent operations, whoever asks: each run gets a key of its own,
// beyond those of the 32-bit hashes that urql makes itself.
let lastKey = 2 ** 32;

function nextKey(): number {
  lastKey += 1;
  return lastKey;
}

/**
 * Layers one after another, the last one sending.
 *
 * @remarks
 * urql's `Client` tells each result to all operations under way, which then look whether
 * it is theirs. Here a result goes straight to whom it belongs to: at a quarter of the cost for
 * one call, and at the same cost for thousands at once.
 *
 * @param url - for the context of the operations
 */
export function createPipeline(url: string, layers: readonly Layer[]): Pipeline {
  const { source: operations$, next } = makeSubject<Operation>();
  const waiting = new Map<number, (result: OperationResult) => void>();
  // Subscribes, so that the last layer sees its operations, and has no results.
  const none: ExchangeIO = mergeMap(() => empty);
  const io = layers.reduceRight((forward, layer) => layer(forward), none);
  pipe(
    io(operations$),
    subscribe((result) => {
      const done = waiting.get(result.operation.key);
      waiting.delete(result.operation.key);
      done?.(result);
    }),
  );
  return ({ kind, document, variables, call, done }) => {
    const key = nextKey();
    const context = { url, requestPolicy: "network-only", call } as const;
    const operation: Operation = { kind, key, query: document, variables, context };
    waiting.set(key, done);
    next(operation);
    return () => {
      waiting.delete(key);
      next({ ...operation, kind: "teardown" });
    };
  };
}

/** The pipeline of an app's own urql client. */
export function clientPipeline(client: Client): Pipeline {
  return ({ kind, document, variables, call, done }) => {
    const request = { key: nextKey(), query: document, variables };
    const context = { requestPolicy: "network-only", call } as const;
    const operation = client.createRequestOperation(kind, request, context);
    const { unsubscribe } = pipe(
      client.executeRequestOperation(operation),
      filter((result) => !result.stale && !result.hasNext),
      take(1),
      subscribe(done),
    );
    return () => {
      unsubscribe();
      // Unsubscribing tears down queries only; urql lets mutations run to their end.
      if (kind === "mutation") client.reexecuteOperation({ ...operation, kind: "teardown" });
    };
  };
}
