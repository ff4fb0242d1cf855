import type { ReadError } from "./read-error.js";

interface ReadingControls {
  /** Reads again; the current data stays until the response arrives. Safe to call at any time. */
  readonly refresh: () => void;
}

/** The first response has not arrived yet. */
export interface ReadingLoading extends ReadingControls {
  readonly status: "loading";
  readonly data: null;
  readonly error: null;
  readonly refreshing: false;
}

/** The latest request failed. */
export interface ReadingFailed<Data> extends ReadingControls {
  readonly status: "error";
  /** The data of the last successful read, to keep showing; `null` if there was none. */
  readonly data: Data | null;
  /** Its `name` is a literal, so that a `switch` can distinguish the causes. */
  readonly error: ReadError;
  /** Whether it is being read again. */
  readonly refreshing: boolean;
}

/** The shop has no active subscription with a usage line item. */
export interface ReadingNoPlan extends ReadingControls {
  readonly status: "noPlan";
  readonly data: null;
  readonly error: null;
  /** Whether it is being read again. */
  readonly refreshing: boolean;
}

/** The data has arrived. */
export interface ReadingReady<Data> extends ReadingControls {
  readonly status: "ready";
  readonly data: Data;
  readonly error: null;
  /** Whether it is being read again. */
  readonly refreshing: boolean;
}

/**
 * The state of a read, as a hook returns it.
 *
 * @example
 * ```tsx
 * function Remaining() {
 *   const { status, data, error } = useUsageBalance();
 *   if (status === "loading") return <p>Loading…</p>;
 *   if (status === "noPlan") return <p>There is no usage plan.</p>;
 *   if (status === "error") return <p role="alert">{error.message}</p>;
 *   return <p>{data.balanceRemaining.amount} {data.balanceRemaining.currencyCode} remain.</p>;
 * }
 * ```
 */
export type Reading<Data> =
  ReadingLoading | ReadingFailed<Data> | ReadingNoPlan | ReadingReady<Data>;
