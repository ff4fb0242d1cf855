import {
  makeErrorResult,
  makeOperation,
  makeResult,
  type Exchange,
  type ExecutionResult,
  type Operation,
  type OperationResult,
} from "@urql/core";
import { filter, makeSubject, merge, pipe } from "wonka";
import { operationOf } from "../document.js";
import { AbortedError } from "../errors/connection-errors.js";
import { Call } from "../transport/call.js";
import { cancelled, failed, type Done, type Layer, type Outcome } from "../transport/layer.js";
import { classifyAs, outcomeOf } from "../transport/urql-result.js";

/** The call that an operation belongs to, or a new one where an app's own urql client dispatched it. */
function callOf(operation: Operation): Call {
  const call: unknown = operation.context["call"];
  if (call instanceof Call) return call;
  return new Call(operationOf(operation.query), operation.variables ?? {}, null);
}

/** An operation under way. */
class Running {
  readonly call: Call;
  /** The operation that carries the call, to last over all attempts. */
  readonly operation: Operation;
  /** Awaits what the next exchange says. */
  answer: Done | null = null;
  /** What the next exchange said last. */
  result: OperationResult | null = null;
  outcome: Outcome | null = null;

  constructor(operation: Operation) {
    this.call = callOf(operation);
    this.operation =
      operation.context["call"] === this.call
        ? operation
        : makeOperation(operation.kind, operation, { ...operation.context, call: this.call });
  }

  /** Notes what the next exchange said; false where nobody awaits it. */
  tell(result: OperationResult): boolean {
    const { answer } = this;
    if (!answer) return false;
    this.answer = null;
    this.result = result;
    this.outcome = outcomeOf(result);
    answer(this.outcome);
    return true;
  }

  /** The outcome as a result: the next exchange's own where it is that. */
  resultOf(outcome: Outcome): OperationResult {
    if (this.result && outcome === this.outcome) return this.result;
    const { data, errors, extensions, failure } = outcome;
    if (failure && !errors) return makeErrorResult(this.operation, failure);
    // What came over the network, as urql's own exchange hands it on.
    const answer = { data, errors, extensions } as ExecutionResult;
    const result = makeResult(this.operation, answer);
    if (failure && result.error) classifyAs(result.error, failure);
    return result;
  }

  /** Ends it, whoever awaits what. */
  cancel(): void {
    this.call.cancel();
    this.answer?.(
      failed(new AbortedError("The operation was torn down", { certainty: "unknown" })),
    );
    this.answer = null;
  }
}

/**
 * A urql exchange that does what a layer of the transport does.
 *
 * @remarks
 * Our own client puts the layers together without urql's `Client`, which tells each result to all
 * operations under way: at 500 at once that costs four times as much as the layers themselves.
 */
export function exchangeOf(layer: Layer): Exchange {
  return ({ forward }) =>
    (operations$) => {
      const { source: passed$, next: pass } = makeSubject<Operation>();
      const { source: settled$, next: settle } = makeSubject<OperationResult>();
      const running = new Map<number, Running>();
      const byCall = new WeakMap<Call, Running>();

      const send = layer((call, done) => {
        const run = byCall.get(call);
        if (!run || call.cancelled) {
          done(cancelled());
          return;
        }
        run.answer = done;
        pass(run.operation);
      });

      /** Forgets an operation before it ends it, so that its outcome is no result. */
      const drop = (key: number): void => {
        const run = running.get(key);
        running.delete(key);
        run?.cancel();
      };

      const start = (operation: Operation): void => {
        const { key } = operation;
        drop(key); // Dispatched anew: it takes the place of the first.
        let run: Running;
        try {
          run = new Running(operation);
        } catch (error) {
          // A document without a single operation.
          settle(makeErrorResult(operation, error as Error));
          return;
        }
        running.set(key, run);
        byCall.set(run.call, run);
        send(run.call, (outcome) => {
          if (running.get(key) !== run) return;
          running.delete(key);
          settle(run.resultOf(outcome));
        });
      };

      const others$ = pipe(
        operations$,
        filter((operation) => {
          const { kind, key } = operation;
          if (kind === "query" || kind === "mutation") {
            start(operation);
            return false;
          }
          if (kind === "teardown") drop(key);
          return true;
        }),
      );
      // Results that nobody awaits, of subscriptions say, go on as they are.
      const results$ = pipe(
        forward(merge([others$, passed$])),
        filter((result) => !running.get(result.operation.key)?.tell(result)),
      );
      return merge([results$, settled$]);
    };
}
