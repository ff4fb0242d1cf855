/** The state of the shop's leaky bucket, in points, from an answer's `extensions.cost`. */
export interface ThrottleStatus {
  /** The most that the bucket holds, in points. */
  readonly maximumAvailable: number;
  /** What it held after the answer, in points. */
  readonly currentlyAvailable: number;
  /** Points per second. */
  readonly restoreRate: number;
}

/**
 * What an answer cost.
 *
 * @remarks
 * Source: `extensions.cost` of every Admin API answer
 * (https://shopify.dev/docs/api/usage/rate-limits).
 */
export interface QueryCost {
  /** Points reserved before execution. */
  readonly requested: number;
  /** Points really used. `null` if nothing was executed. */
  readonly actual: number | null;
  readonly throttle: ThrottleStatus;
}

function points(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** Reads `extensions.cost`; null if it is absent or malformed. */
export function costOf(extensions: unknown): QueryCost | null {
  const cost = field(extensions, "cost");
  const status = field(cost, "throttleStatus");
  const requested = points(field(cost, "requestedQueryCost"));
  const maximumAvailable = points(field(status, "maximumAvailable"));
  const currentlyAvailable = points(field(status, "currentlyAvailable"));
  const restoreRate = points(field(status, "restoreRate"));
  if (
    requested === null ||
    maximumAvailable === null ||
    currentlyAvailable === null ||
    restoreRate === null
  ) {
    return null;
  }
  return {
    requested,
    actual: points(field(cost, "actualQueryCost")),
    throttle: { maximumAvailable, currentlyAvailable, restoreRate },
  };
}
