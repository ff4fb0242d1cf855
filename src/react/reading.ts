import type { ReadError } from "./read-error.js";

interface ReadingControls {
  /** Reads anew; what was read stays until the answer comes. Safe to call at any time. */
  readonly refresh: () => void;
}

/** The first answer is awaited. */
export interface ReadingLoading extends ReadingControls {
  readonly status: "loading";
  readonly data: null;
  readonly error: null;
  readonly refreshing: false;
}

/** The latest request failed. */
export interface ReadingFailed<Data> extends ReadingControls {
  readonly status: "error";
  /** What was read before it failed, to go on showing; null where nothing was. */
  readonly data: Data | null;
  /** Its `name` is a literal, so that a `switch` tells the causes apart. */
  readonly error: ReadError;
  /** Is it being read anew? */
  readonly refreshing: boolean;
}

/** The shop has no active subscription with a usage line item. */
export interface ReadingNoPlan extends ReadingControls {
  readonly status: "noPlan";
  readonly data: null;
  readonly error: null;
  /** Is it being read anew? */
  readonly refreshing: boolean;
}

/** It was read. */
export interface ReadingReady<Data> extends ReadingControls {
  readonly status: "ready";
  readonly data: Data;
  readonly error: null;
  /** Is it being read anew? */
  readonly refreshing: boolean;
}

/**
 * What a hook knows of what it reads.
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
