import { AccessTokenError } from "../errors/access-errors.js";
import { ThrottledError } from "../errors/throttled-error.js";
import { isUserError, usageRecordUserErrorCode } from "../user-error.js";
import type { Call } from "./call.js";
import { emit, type EventListener } from "./events.js";
import type { Layer, Outcome } from "./layer.js";

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

/** What retrying takes. */
export interface RetryingOptions extends RetryOptions {
  readonly onEvent?: EventListener | undefined;
}

/** Did Shopify answer that another request with the same idempotency key is being processed? */
export function isKeyInUse(data: unknown): boolean {
  if (typeof data !== "object" || data === null) return false;
  return Object.values(data).some((payload: unknown) => {
    if (typeof payload !== "object" || payload === null || !("userErrors" in payload)) return false;
    return (
      Array.isArray(payload.userErrors) &&
      payload.userErrors.some(
        (error: unknown) =>
          isUserError(error) && usageRecordUserErrorCode(error) === "IDEMPOTENCY_KEY_IN_USE",
      )
    );
  });
}

/** Goes on after a wait, or as soon as the call is cancelled. */
function pause(call: Call, milliseconds: number, goOn: () => void): void {
  const timer = setTimeout(() => {
    call.stop = null;
    goOn();
  }, milliseconds);
  call.stop = () => {
    clearTimeout(timer);
    goOn();
  };
}

/** Repeats what failed and may be repeated, always with the same idempotency key; `retryExchange` tells what. */
export function retrying(options: RetryingOptions = {}): Layer {
  const { attempts = 5, minDelay = 500, maxDelay = 10_000, deadline = 60_000, onEvent } = options;
  return (next) => (call, done) => {
    let used = 0;
    let throttled = 0;

    /** Milliseconds to wait before the call is sent again; null where it is not. */
    const waitAfter = ({ failure, data }: Outcome): number | null => {
      if (failure) {
        if (!failure.retryable || failure instanceof AccessTokenError) return null;
        if (failure.certainty === "unknown" && !call.isRepeatable) return null;
      } else if (!isKeyInUse(data)) {
        return null;
      }
      let wait: number;
      // THROTTLED comes with status 200, or from a transport that hides the status.
      if (failure instanceof ThrottledError && failure.status !== 429) {
        throttled += 1;
        // The bound keeps a bucket that never tells the truth from being asked in a tight loop.
        const least = Math.min(maxDelay, 5 * 2 ** throttled);
        wait = Math.max(failure.retryAfter ?? 0, Math.random() * least);
      } else {
        used += 1;
        if (used >= attempts) return null;
        const backoff = Math.min(maxDelay, minDelay * 2 ** (used - 1));
        wait = failure?.retryAfter ?? Math.random() * backoff;
      }
      return call.elapsed(performance.now()) + wait > deadline ? null : wait;
    };

    const settle = (outcome: Outcome): void => {
      const wait = call.cancelled ? null : waitAfter(outcome);
      if (wait === null) {
        done(outcome);
        return;
      }
      emit(onEvent, {
        type: "retry",
        operationName: call.operation.name,
        idempotencyKey: call.idempotencyKey,
        attempt: call.attempts,
        error: outcome.failure,
        wait,
      });
      const goOn = (): void => (call.cancelled ? done(outcome) : next(call, settle));
      // The listener may have ended it.
      if (call.cancelled) goOn();
      else pause(call, wait, goOn);
    };

    next(call, settle);
  };
}
