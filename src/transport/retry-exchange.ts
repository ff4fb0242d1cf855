import {
  getOperationName,
  makeOperation,
  type Exchange,
  type Operation,
  type OperationResult,
} from "@urql/core";
import { filter, makeSubject, map, merge, pipe } from "wonka";
import { NetworkError, TimeoutError } from "../errors/connection-errors.js";
import { InvalidResponseError } from "../errors/invalid-response-error.js";
import { ServerError } from "../errors/server-error.js";
import { ThrottledError } from "../errors/throttled-error.js";
import type { UsageBillingError } from "../errors/usage-billing-error.js";
import { callOf, type Call } from "./call.js";
import { emit, type EventListener } from "./events.js";
import { failureOf } from "./failure.js";
import type { Layer } from "./pipeline.js";
import { isKeyInUse, isRepeatable } from "./repeatable.js";

/** How often, how patiently and how long a call is repeated. */
export interface RetryOptions {
  /** How often one call is sent at most, 1 to 100; `THROTTLED` answers do not count. @defaultValue 5 */
  readonly attempts?: number | undefined;
  /** Milliseconds; the bound of the first backoff, doubled for each further one. @defaultValue 500 */
  readonly minDelay?: number | undefined;
  /** Milliseconds; the bound of any backoff. @defaultValue 10000 */
  readonly maxDelay?: number | undefined;
  /** Milliseconds from the first sending, after which nothing is sent again; waits for pace do not count. @defaultValue 60000 */
  readonly deadline?: number | undefined;
}

/** What the retry exchange takes. */
export interface RetryExchangeOptions extends RetryOptions {
  readonly onEvent?: EventListener | undefined;
}

/** What the retry exchange keeps of an operation under way. */
interface Pending {
  readonly operation: Operation;
  readonly call: Call;
  /** Attempts that were used up. */
  used: number;
  /** `THROTTLED` answers, which use no attempt. */
  throttled: number;
  timer: ReturnType<typeof setTimeout> | null;
}

/** Can the same request, sent again, be answered otherwise? */
function isTransient(failure: UsageBillingError): boolean {
  return (
    failure instanceof NetworkError ||
    failure instanceof TimeoutError ||
    failure instanceof ServerError ||
    failure instanceof ThrottledError ||
    (failure instanceof InvalidResponseError && (failure.unreadable || failure.status === 408))
  );
}

function retryAfterOf(failure: UsageBillingError | null): number | null {
  return failure instanceof ThrottledError || failure instanceof ServerError
    ? failure.retryAfter
    : null;
}

/** Repeats failed operations; see {@link retryExchange}. */
export function retrying(options: RetryExchangeOptions = {}): Layer {
  const { attempts = 5, minDelay = 500, maxDelay = 10_000, deadline = 60_000, onEvent } = options;

  /** Milliseconds to wait before an answered call is sent again; null where it is not. */
  const waitFor = (pending: Pending, result: OperationResult): number | null => {
    const failure = failureOf(result);
    if (failure) {
      if (!isTransient(failure)) return null;
      if (failure.certainty === "unknown" && !isRepeatable(pending.operation)) return null;
    } else if (!isKeyInUse(result.data)) {
      return null;
    }
    let wait: number;
    // THROTTLED comes with status 200, or from a transport that hides the status.
    if (failure instanceof ThrottledError && failure.status !== 429) {
      pending.throttled += 1;
      // The bound keeps a bucket that never tells the truth from being asked in a tight loop.
      const least = Math.min(maxDelay, 5 * 2 ** pending.throttled);
      wait = Math.max(failure.retryAfter ?? 0, Math.random() * least);
    } else {
      pending.used += 1;
      if (pending.used >= attempts) return null;
      const backoff = Math.min(maxDelay, minDelay * 2 ** (pending.used - 1));
      wait = retryAfterOf(failure) ?? Math.random() * backoff;
    }
    return pending.call.elapsed(performance.now()) + wait > deadline ? null : wait;
  };

  return (forward) => (operations$) => {
    const { source: repeated$, next: repeat } = makeSubject<Operation>();
    const underWay = new Map<number, Pending>();

    const begin = (operation: Operation): Operation => {
      if (operation.kind === "teardown") {
        const pending = underWay.get(operation.key);
        if (pending?.timer) clearTimeout(pending.timer);
        underWay.delete(operation.key);
        return operation;
      }
      const call = callOf(operation);
      // An app's own urql client brings no call: one is made here, to last over all attempts.
      const carried =
        operation.context["call"] === call
          ? operation
          : makeOperation(operation.kind, operation, { ...operation.context, call });
      underWay.set(operation.key, {
        operation: carried,
        call,
        used: 0,
        throttled: 0,
        timer: null,
      });
      return carried;
    };

    const settle = (result: OperationResult): boolean => {
      const pending = underWay.get(result.operation.key);
      if (!pending) return true;
      const wait = waitFor(pending, result);
      if (wait === null) {
        underWay.delete(result.operation.key);
        return true;
      }
      emit(onEvent, {
        type: "retry",
        operationName: getOperationName(pending.operation.query) ?? null,
        idempotencyKey: pending.call.idempotencyKey,
        attempt: pending.call.attempts,
        error: failureOf(result),
        wait,
      });
      pending.timer = setTimeout(() => {
        pending.timer = null;
        repeat(pending.operation);
      }, wait);
      return false;
    };

    return pipe(merge([pipe(operations$, map(begin)), repeated$]), forward, filter(settle));
  };
}

/**
 * Repeats what failed and may be repeated: same operation, same variables, same idempotency key.
 *
 * @remarks
 * Repeated are connection failures, timeouts, unreadable bodies, 408, 429, 5xx, `THROTTLED`,
 * `INTERNAL_SERVER_ERROR`, and the user error that another request with the same key is being
 * processed. A mutation without an idempotency key is repeated only where the server surely did
 * not execute it. `Retry-After` is obeyed; otherwise the wait is a random part of a bound that
 * doubles (exponential backoff with full jitter). A wait beyond the deadline is not begun.
 */
export function retryExchange(options?: RetryExchangeOptions): Exchange {
  const layer = retrying(options);
  return ({ forward }) => layer(forward);
}
