import type { UsageBillingError } from "../errors/usage-billing-error.js";
import type { Warning } from "../result.js";

interface CallEvent {
  /** The operation's name in its document. `null` if it has none. */
  readonly operationName: string | null;
  readonly idempotencyKey: string | null;
}

/** An attempt is about to be sent. */
export interface RequestEvent extends CallEvent {
  readonly type: "request";
  /** 1 for the first attempt of the call. */
  readonly attempt: number;
}

/** An attempt ended, with or without a response. */
export interface ResponseEvent extends CallEvent {
  readonly type: "response";
  readonly attempt: number;
  /** `null` if no response came. */
  readonly status: number | null;
  readonly requestId: string | null;
  /** Milliseconds. */
  readonly duration: number;
  /** Why the attempt failed. `null` if data came; user errors are data. */
  readonly error: UsageBillingError | null;
}

/** An attempt failed and will be retried after a wait. */
export interface RetryEvent extends CallEvent {
  readonly type: "retry";
  /** The attempt that failed. */
  readonly attempt: number;
  /** Why. `null` if another request with the same idempotency key was being processed. */
  readonly error: UsageBillingError | null;
  /** Milliseconds until the next attempt takes its place in the queue. */
  readonly wait: number;
}

/** A call waits until the shop's cost bucket holds enough points. */
export interface PacingEvent extends CallEvent {
  readonly type: "pacing";
  /** Estimated milliseconds until the next call is sent. */
  readonly wait: number;
  /** How many calls wait. */
  readonly waiting: number;
}

/** Shopify served another API version than requested, as it does once the requested one is retired. Emitted once per client and version. */
export interface VersionDriftEvent {
  readonly type: "versionDrift";
  readonly requested: string;
  readonly served: string;
}

/** Shopify announced a deprecation with `X-Shopify-API-Deprecated-Reason`. Emitted once per client and reason. */
export interface DeprecationEvent {
  readonly type: "deprecation";
  readonly requested: string | null;
  readonly reason: string;
}

/** A record came back that an app should look at: the same as in `meta.warnings`, as soon as it is found. */
export interface WarningEvent {
  readonly type: "warning";
  readonly idempotencyKey: string | null;
  /** The usage record that the warning is about. */
  readonly usageRecordId: string;
  readonly warning: Warning;
}

/** What `onEvent` receives. None of it contains the access token. */
export type UsageBillingEvent =
  | RequestEvent
  | ResponseEvent
  | RetryEvent
  | PacingEvent
  | VersionDriftEvent
  | DeprecationEvent
  | WarningEvent;

/** Receives what the transport does. What it returns or throws changes nothing. */
export type EventListener = (event: UsageBillingEvent) => void;

/** Passes an event to the listener. A listener that throws or rejects breaks no charge. */
export function emit(listener: EventListener | undefined, event: UsageBillingEvent): void {
  if (!listener) return;
  try {
    const returned: unknown = listener(event);
    if (returned instanceof Promise) returned.catch(() => undefined);
  } catch {
    // A broken listener must not break a charge.
  }
}
