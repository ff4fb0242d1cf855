import { makeOperation, type Operation } from "@urql/core";
import type { CallFacts, Certainty } from "../errors/usage-billing-error.js";
import { OpenAttempts } from "./certainty.js";
import type { RetryOptions } from "./retry-options.js";

/** A response without its body. */
export interface AnswerHead {
  readonly status: number;
  readonly requestId: string | null;
  readonly servedVersion: string | null;
  /** Why the API version is deprecated. */
  readonly deprecatedReason: string | null;
  /** When the server responded, by its own clock: the `Date` header. */
  readonly date: string | null;
  /** `Retry-After`, in milliseconds. */
  readonly retryAfter: number | null;
}

/** What one call may set for itself. */
export interface CallSettings {
  readonly idempotencyKey?: string | undefined;
  /** Milliseconds that one attempt may take, instead of the client's. */
  readonly timeout?: number | undefined;
  /** How to retry, instead of the client's way. */
  readonly retry?: false | RetryOptions | undefined;
}

/**
 * What is learned about one call over all its attempts.
 *
 * @remarks
 * It travels in the operation's context, which exchanges copy by reference. It never holds the access token.
 */
export class Call {
  readonly idempotencyKey: string | null;
  readonly settings: CallSettings;
  /** How many times it was dispatched to the urql client. */
  dispatches = 0;
  /** How many times it was handed to `fetch`, as far as `adminExchange` saw it. */
  attempts = 0;
  /** Whether `adminExchange` had the last dispatch, so that nothing about it is hidden. */
  disclosed = false;
  /** When it was first handed over, on the clock of `performance.now()`. */
  startedAt: number | null = null;
  /** Milliseconds spent waiting for the rate limit since then; the deadline ignores them. */
  pacedFor = 0;
  /** The head of the last response. `null` before it, or if the app's own exchanges hide it. */
  head: AnswerHead | null = null;
  /** Returns the start of the last response's body, without the access token. */
  body: (() => string) | null = null;
  /** `null` for a query, which changes nothing. */
  readonly #open: OpenAttempts | null;

  constructor(kind: Operation["kind"], settings: CallSettings = {}) {
    this.#open = kind === "query" ? null : new OpenAttempts();
    this.idempotencyKey = settings.idempotencyKey ?? null;
    this.settings = settings;
  }

  /** Counts an attempt as open; returns a function to call if its response proves that it was not executed. */
  handOver(): () => void {
    this.startedAt ??= performance.now();
    this.head = null;
    this.body = null;
    return this.#open?.open() ?? (() => undefined);
  }

  /** Whether any attempt so far may have been executed. */
  get certainty(): Certainty {
    return this.#open?.certainty ?? "notApplied";
  }

  /** Whether any attempt before the last may have been executed, if Shopify refused the last with user errors. */
  get certaintyOfRefusal(): Certainty {
    return this.isHidden ? this.certainty : (this.#open?.certaintyBesidesRefusal ?? "notApplied");
  }

  /** How many times it was sent, as far as is known. */
  get sendings(): number {
    return Math.max(this.dispatches, this.attempts);
  }

  /** Whether an app's own exchanges sent it and hide how often. */
  get isHidden(): boolean {
    return this.dispatches > 0 && !this.disclosed;
  }

  /** What every error of this call says, so far. */
  get facts(): CallFacts {
    const { certainty, idempotencyKey, attempts, isHidden } = this;
    return { certainty, idempotencyKey, attempts: isHidden ? null : attempts };
  }

  /** Milliseconds since it was first handed over, without those spent waiting for the rate limit. */
  elapsed(now: number): number {
    return this.startedAt === null ? 0 : now - this.startedAt - this.pacedFor;
  }
}

const CALL = "usageBillingCall";

/** An operation's context with a call in it. */
export function withCall(call: Call): { readonly [CALL]: Call } {
  return { [CALL]: call };
}

/** The call that an operation belongs to; a new one if the app dispatched the operation itself. */
export function callOf({ kind, context }: Operation): Call {
  const call: unknown = context[CALL];
  return call instanceof Call ? call : new Call(kind);
}

/** The operation with the call that it belongs to, so that all its attempts share one. */
export function carryingCall(operation: Operation): Operation {
  const { kind, context } = operation;
  const call = callOf(operation);
  return context[CALL] === call
    ? operation
    : makeOperation(kind, operation, { ...context, ...withCall(call) });
}
