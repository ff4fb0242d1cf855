import type { Operation, OperationResult } from "@urql/core";
import { delay } from "../abort.js";
import { operationOf } from "../document.js";
import { isObject } from "../is-object.js";
import { isKeyInUse, isUserError } from "../user-error.js";
import { callOf } from "./call.js";
import { emit, type EventListener } from "./events.js";
import { failureOf } from "./failure.js";
import type { RetryOptions } from "./retry-options.js";
import type { Send } from "./send.js";

/** Whether an answer's payload says that another request with the same idempotency key is being processed. */
export function saysKeyInUse(data: unknown): boolean {
  if (!isObject(data)) return false;
  return Object.values(data).some((payload) => {
    const userErrors = isObject(payload) ? payload["userErrors"] : null;
    return Array.isArray(userErrors) && isKeyInUse(userErrors.filter(isUserError));
  });
}

/** Whether it can be sent again although it may have been executed: a query, or a mutation that passes its keys. */
export function isRepeatable({ query, variables }: Operation): boolean {
  const { kind, keyVariables } = operationOf(query);
  if (kind === "query") return true;
  return keyVariables?.every((name) => Boolean(variables?.[name])) ?? false;
}

/** How long one call waits before each further attempt. */
class Backoff {
  readonly #attempts: number;
  readonly #minDelay: number;
  readonly #maxDelay: number;
  #used = 0;
  #throttled = 0;

  constructor({ attempts = 5, minDelay = 500, maxDelay = 10_000 }: RetryOptions) {
    this.#attempts = attempts;
    this.#minDelay = minDelay;
    this.#maxDelay = maxDelay;
  }

  /** Milliseconds; null if no attempts are left. */
  after(failure: ReturnType<typeof failureOf>): number | null {
    const retryAfter = failure?.retryAfter ?? null;
    // THROTTLED comes with status 200, or without one from an app's own client.
    if (failure?.name === "ThrottledError" && (failure.status ?? 200) === 200) {
      this.#throttled += 1;
      // At least this: a bucket that is never as full as it says must not be asked in a tight loop.
      const least = Math.min(this.#maxDelay, 5 * 2 ** this.#throttled);
      return Math.max(retryAfter ?? 0, Math.random() * least);
    }
    this.#used += 1;
    if (this.#used >= this.#attempts) return null;
    // Not less: some servers say 0, and would be asked in a tight loop.
    if (retryAfter !== null) return Math.max(retryAfter, this.#minDelay);
    return Math.random() * Math.min(this.#maxDelay, this.#minDelay * 2 ** (this.#used - 1));
  }
}

/**
 * Sends again what failed and may succeed, always with the same idempotency key.
 *
 * @remarks
 * That is every failure that is `retryable`, and the user error that another request with the same key
 * is being processed. A mutation without an idempotency key is sent again only if it was certainly not
 * executed. `Retry-After` is obeyed; otherwise the wait is a random part of a bound that doubles
 * (exponential backoff with full jitter). A wait that would pass the deadline is not begun.
 */
export function retrying(
  next: Send,
  options: false | RetryOptions,
  onEvent: EventListener | undefined,
): Send {
  return async (operation, signal) => {
    const call = callOf(operation);
    const retry = call.settings.retry ?? options;
    if (retry === false) return await next(operation, signal);
    const { deadline = 60_000 } = retry;
    const backoff = new Backoff(retry);
    for (;;) {
      const result = await next(operation, signal);
      if (signal?.aborted || !mayHelp(operation, result)) return result;
      const failure = failureOf(result);
      const wait = backoff.after(failure);
      if (wait === null || call.elapsed(performance.now()) + wait > deadline) return result;
      emit(onEvent, {
        type: "retry",
        operationName: operationOf(operation.query).name,
        idempotencyKey: call.idempotencyKey,
        attempt: call.sendings,
        error: failure,
        wait,
      });
      await delay(wait, signal);
      if (signal?.aborted) return result;
    }
  };
}

function mayHelp(operation: Operation, result: OperationResult): boolean {
  const failure = failureOf(result);
  if (!failure) return saysKeyInUse(result.data);
  // The app's own function was asked in vain: when to call again is the app's decision.
  if (!failure.retryable || failure.name === "AccessTokenError") return false;
  return callOf(operation).certainty === "notApplied" || isRepeatable(operation);
}
