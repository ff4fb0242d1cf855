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

/** Whether a response says that another request with the same idempotency key is being processed. */
export function saysKeyInUse(data: unknown): boolean {
  if (!isObject(data)) return false;
  return Object.values(data).some((payload) => {
    const userErrors = isObject(payload) ? payload["userErrors"] : null;
    return Array.isArray(userErrors) && isKeyInUse(userErrors.filter(isUserError));
  });
}

/** Whether it is safe to send again, even if it was executed: a query, or a mutation that passes its keys. */
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

  /** Returns the milliseconds to wait. `null` if no attempts are left. */
  after(failure: ReturnType<typeof failureOf>): number | null {
    const retryAfter = failure?.retryAfter ?? null;
    // THROTTLED comes with status 200, or without one from an app's own client.
    if (failure?.name === "ThrottledError" && (failure.status ?? 200) === 200) {
      this.#throttled += 1;
      // Not only as long as the response says: a bucket that reports more than it has would cause a tight loop.
      const bound = Math.min(this.#maxDelay, 5 * 2 ** this.#throttled);
      return Math.max(retryAfter ?? 0, Math.random() * bound);
    }
    this.#used += 1;
    if (this.#used >= this.#attempts) return null;
    // Not less than the minimum: some servers say 0, which would cause a tight loop.
    if (retryAfter !== null) return Math.max(retryAfter, this.#minDelay);
    return Math.random() * Math.min(this.#maxDelay, this.#minDelay * 2 ** (this.#used - 1));
  }
}

/**
 * Retries each failure that is `retryable`, always with the same idempotency key.
 *
 * @remarks
 * It also retries while another request with the same key is being processed. A mutation without an
 * idempotency key is retried only if it was certainly not executed. `Retry-After` is obeyed; otherwise
 * the backoff is exponential with full jitter. No wait starts that would end after the deadline.
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
  // Not retried: the app's token function decides by itself how often it tries.
  if (!failure.retryable || failure.name === "AccessTokenError") return false;
  return callOf(operation).certainty === "notApplied" || isRepeatable(operation);
}
