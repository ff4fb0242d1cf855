import type { OperationResult } from "@urql/core";
import { cancelled, type Send } from "./layer.js";
import { outcomeOf } from "./urql-result.js";

/**
 * What is used of a `Client` of `@urql/core`, which is one.
 *
 * @remarks
 * Its methods are named here rather than its type, so that compilers load urql's declarations
 * only in apps that use urql.
 */
export interface UrqlClient {
  /** Makes an operation, with the client's own context. */
  createRequestOperation(kind: "query" | "mutation", request: object, context: object): object;
  /** Runs an operation through the client's exchanges. */
  executeRequestOperation(operation: object): {
    /** Calls back with each result. */
    subscribe(told: (result: object) => void): {
      /** Stops the results. */
      unsubscribe(): void;
    };
  };
  /** Dispatches an operation, here to end a mutation. */
  reexecuteOperation(operation: object): void;
}

// urql merges equal concurrent operations, whoever asks: each call gets a key of its own,
// beyond those of the 32-bit hashes that urql makes itself.
let lastKey = 2 ** 32;

/** Sends calls through an app's own urql client, whatever its exchanges. */
export function throughClient(client: UrqlClient): Send {
  return (call, done) => {
    const { kind, document: query } = call.operation;
    const request = { key: (lastKey += 1), query, variables: call.variables };
    const context = { requestPolicy: "network-only", call };
    const operation = client.createRequestOperation(kind, request, context);
    let told = false;
    const source = client.executeRequestOperation(operation);
    const subscription = source.subscribe((given) => {
      const result = given as OperationResult; // as urql's `Client` promises
      if (told || result.stale || result.hasNext) return;
      told = true;
      call.stop = null;
      done(outcomeOf(result));
      // It may have come before the subscription itself.
      void Promise.resolve().then(() => subscription.unsubscribe());
    });
    const end = (): void => {
      told = true;
      subscription.unsubscribe();
      // Unsubscribing tears down queries only; urql lets mutations run to their end.
      if (kind === "mutation") client.reexecuteOperation({ ...operation, kind: "teardown" });
      done(cancelled());
    };
    if (call.cancelled) end();
    else if (!told) call.stop = end;
  };
}
