import { isObject } from "../is-object.js";

/** The state of the shop's leaky bucket, in points, from a response's `extensions.cost`. */
export interface ThrottleStatus {
  /** The most that the bucket holds, in points. */
  readonly maximumAvailable: number;
  /** What it held after the request, in points. */
  readonly currentlyAvailable: number;
  /** Points per second. */
  readonly restoreRate: number;
}

/**
 * What a request cost.
 *
 * @remarks
 * Source: `extensions.cost` of every Admin API response
 * (https://shopify.dev/docs/api/usage/rate-limits).
 */
export interface QueryCost {
  /** Points reserved before execution. */
  readonly requested: number;
  /** Points used. `null` if nothing was executed. */
  readonly actual: number | null;
  readonly throttle: ThrottleStatus;
}

function isPoints(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

/** Reads `extensions.cost`; null if it is absent or malformed. */
export function costOf(extensions: unknown): QueryCost | null {
  const cost = isObject(extensions) ? extensions["cost"] : null;
  if (!isObject(cost) || !isObject(cost["throttleStatus"])) return null;
  const { requestedQueryCost: requested, actualQueryCost: actual } = cost;
  const { maximumAvailable, currentlyAvailable, restoreRate } = cost["throttleStatus"];
  return isPoints(requested) &&
    isPoints(maximumAvailable) &&
    isPoints(currentlyAvailable) &&
    isPoints(restoreRate)
    ? {
        requested,
        actual: isPoints(actual) ? actual : null,
        throttle: { maximumAvailable, currentlyAvailable, restoreRate },
      }
    : null;
}
