import type { Random } from "../platform/random.js";
import type { WebhookFaults } from "../webhooks/webhook-faults.js";
import { SimulatorUsageError } from "../usage-error.js";

/**
 * What can go wrong with a request. Each name says whether the request is executed.
 *
 * | name | executed | what the app sees |
 * |---|---|---|
 * | `lostBefore` | no | the connection breaks |
 * | `lostAfter` | yes | the connection breaks |
 * | `noAnswerBefore` | no | nothing, until it gives up |
 * | `noAnswerAfter` | yes | nothing, until it gives up |
 * | `tooManyRequests` | no | 429 with `Retry-After` |
 * | `serverErrorBefore` | no | 500, 502, 503 or 504 with HTML |
 * | `serverErrorAfter` | yes | the same |
 * | `requestTimeoutBefore` | no | 408 |
 * | `requestTimeoutAfter` | yes | 408 |
 * | `unauthorized` | no | 401, although the token is right |
 * | `redirect` | no | 307 to another host |
 * | `throttled` | no | 200, GraphQL error `THROTTLED` |
 * | `accessDenied` | no | 200, GraphQL error `ACCESS_DENIED`; charges only |
 * | `resolverError` | no | 200, a null payload beside a GraphQL error such as `RESOURCE_NOT_FOUND`; charges only |
 * | `keyInProgress` | no | 200, user error that the key is in progress; charges only |
 * | `internalErrorBefore` | no | 200, GraphQL error `INTERNAL_SERVER_ERROR` |
 * | `internalErrorAfter` | yes | the same |
 * | `nullRecord` | yes | 200, a null record beside a GraphQL error; charges only |
 * | `brokenJson` | yes | 200, a body that is not JSON |
 * | `truncatedBody` | yes | 200, a body that breaks off with the connection |
 * | `emptyBody` | yes | 200, an empty body |
 * | `slowBody` | yes | 200, a body that drips |
 * | `endlessBody` | yes | 200, a body that never ends |
 * | `echo` | yes | 502 with HTML that shows the whole request, its token included |
 * | `otherVersion` | yes | 200 from another API version |
 * | `duplicateDelivery` | twice | the response to either copy |
 */
export type FaultName = (typeof FAULT_NAMES)[number];

/** All faults by name. */
export const FAULT_NAMES = [
  "lostBefore",
  "lostAfter",
  "noAnswerBefore",
  "noAnswerAfter",
  "tooManyRequests",
  "serverErrorBefore",
  "serverErrorAfter",
  "requestTimeoutBefore",
  "requestTimeoutAfter",
  "unauthorized",
  "redirect",
  "throttled",
  "accessDenied",
  "resolverError",
  "keyInProgress",
  "internalErrorBefore",
  "internalErrorAfter",
  "nullRecord",
  "brokenJson",
  "truncatedBody",
  "emptyBody",
  "slowBody",
  "endlessBody",
  "echo",
  "otherVersion",
  "duplicateDelivery",
] as const;

const CHARGE_FAULTS: ReadonlySet<FaultName> = new Set([
  "accessDenied",
  "resolverError",
  "keyInProgress",
  "nullRecord",
]);

/** They are responses of the GraphQL API, or need one. */
const GRAPHQL_FAULTS: ReadonlySet<FaultName> = new Set([
  ...CHARGE_FAULTS,
  "throttled",
  "internalErrorBefore",
  "internalErrorAfter",
  "otherVersion",
  "duplicateDelivery",
]);

/** The details of a fault. */
export interface FaultDetails {
  /**
   * The `Retry-After` header of `tooManyRequests`, `serverErrorBefore` and `serverErrorAfter`: seconds
   * such as `1` or `"2.0"`, or `"date"` for an HTTP date one second ahead. Default: one of `"1"`, `"1.0"`
   * and a date for `tooManyRequests`, none for the others.
   */
  readonly retryAfter?: string | number;
  /** The code of `resolverError`, such as `CURRENCY_CODE_INVALID` or `BAD_REQUEST`. Default: `RESOURCE_NOT_FOUND`. */
  readonly code?: string;
  /** The message of `resolverError`. Default: `invalid id`. */
  readonly message?: string;
  /** The status of server errors and redirects. Default: one of 500, 502, 503 and 504; 307. */
  readonly status?: number;
  /** Where `redirect` leads. Default: `https://elsewhere.example/`. */
  readonly location?: string;
  /** The version that serves under `otherVersion`. Default: the one after the one asked for. */
  readonly version?: string;
  /** Which copy's response the app gets under `duplicateDelivery`. Default: either, by the seed. */
  readonly answer?: "first" | "second";
  /** How long `slowBody` takes, in simulated milliseconds. Default: 1000. */
  readonly milliseconds?: number;
}

/** A fault with its details. */
export interface Fault extends FaultDetails {
  readonly name: FaultName;
}

/**
 * Which requests a fault is for: all that execute GraphQL, those of a type, those with one of these
 * operation names or root fields, or those for an access token.
 */
export type FaultTarget = "all" | "queries" | "mutations" | "tokens" | readonly string[];

/** How long requests take, in simulated milliseconds: a number, a range, or a function of the request. */
export type Latency =
  number | { readonly min: number; readonly max: number } | ((request: FaultSubject) => number);

/** What faults and latency are decided by. */
export interface FaultSubject {
  readonly kind: "graphql" | "token" | "other";
  readonly shop: string | null;
  readonly operationName: string | null;
  readonly operationType: "query" | "mutation" | "subscription" | null;
  readonly rootFields: readonly string[];
}

/** The faults that requests meet, and their latency. */
export interface SimulatorFaults {
  /**
   * Lets the next requests that can have this fault meet it, before any fault that comes at a rate.
   *
   * @param times - how many requests; default: 1
   * @param target - which requests; default: all
   *
   * @example
   * ```ts
   * admin.faults.next("lostAfter", 2);
   * admin.faults.next({ name: "tooManyRequests", retryAfter: "2.0" });
   * ```
   */
  next(fault: FaultName | Fault, times?: number, target?: FaultTarget): void;
  /**
   * Lets requests meet each fault with its probability from now on, at most one fault each. The same seed
   * and the same requests in the same order give the same faults.
   *
   * @param rates - probabilities from 0 to 1, together 1 at most; they replace those that were set before
   * @param target - which requests; default: all
   *
   * @example
   * ```ts
   * admin.faults.rate({ lostBefore: 0.1, tooManyRequests: { rate: 0.05, retryAfter: "0.1" } }, "mutations");
   * ```
   */
  rate(
    rates: Partial<Record<FaultName, number | (FaultDetails & { readonly rate: number })>>,
    target?: FaultTarget,
  ): void;
  /** Sets how long requests take from now on. Default: no time. An idempotency key is in use for as long. */
  latency(latency: Latency): void;
  /** The faults that webhooks meet. */
  readonly webhooks: WebhookFaults;
  /** Removes all faults and the latency. */
  clear(): void;
  /** How often each fault has happened. */
  readonly counts: Readonly<Record<FaultName, number>>;
}

interface Planned {
  readonly fault: Fault;
  readonly target: FaultTarget;
  times: number;
}

interface Chance {
  readonly fault: Fault;
  readonly rate: number;
}

export class Faults implements SimulatorFaults {
  readonly webhooks: WebhookFaults;
  readonly counts: Record<FaultName, number>;
  readonly #random: Random;
  readonly #latencyRandom: Random;
  #planned: Planned[] = [];
  #chances: readonly Chance[] = [];
  #chanceTarget: FaultTarget = "all";
  #latency: Latency = 0;

  /** Latency has numbers of its own, so that setting it leaves the faults of a seed as they were. */
  constructor(random: Random, latencyRandom: Random, webhooks: WebhookFaults) {
    this.webhooks = webhooks;
    this.#random = random;
    this.#latencyRandom = latencyRandom;
    const counts: Partial<Record<FaultName, number>> = {};
    for (const name of FAULT_NAMES) counts[name] = 0;
    this.counts = counts as Record<FaultName, number>; // every name was set
  }

  next(fault: FaultName | Fault, times = 1, target: FaultTarget = "all"): void {
    const detailed = typeof fault === "string" ? { name: fault } : fault;
    checkName(detailed.name);
    if (!Number.isInteger(times) || times < 1) {
      throw new SimulatorUsageError(`times must be a whole number of one or more, got ${times}`);
    }
    this.#planned.push({ fault: detailed, target, times });
  }

  rate(
    rates: Partial<Record<FaultName, number | (FaultDetails & { readonly rate: number })>>,
    target: FaultTarget = "all",
  ): void {
    let sum = 0;
    this.#chances = Object.entries(rates).map(([name, value]) => {
      checkName(name);
      const { rate, ...details } = typeof value === "number" ? { rate: value } : value;
      if (!(rate >= 0 && rate <= 1)) {
        throw new SimulatorUsageError(
          `rates.${name} must be a probability from 0 to 1, got ${rate}`,
        );
      }
      sum += rate;
      return { fault: { name, ...details }, rate };
    });
    if (sum > 1 + 1e-9) {
      this.#chances = [];
      throw new SimulatorUsageError(
        `rates must add up to 1 or less, because a request meets one fault at most, got ${sum}`,
      );
    }
    this.#chanceTarget = target;
  }

  latency(latency: Latency): void {
    const bounds =
      typeof latency === "number"
        ? [latency]
        : typeof latency === "function"
          ? []
          : [latency.min, latency.max, latency.max - latency.min];
    if (!bounds.every((milliseconds) => milliseconds >= 0 && Number.isFinite(milliseconds))) {
      throw new SimulatorUsageError(
        `latency must be milliseconds such as 50, or { min: 20, max: 80 }, got ${JSON.stringify(latency)}`,
      );
    }
    this.#latency = latency;
  }

  clear(): void {
    this.#planned = [];
    this.#chances = [];
    this.#latency = 0;
    this.webhooks.clear();
  }

  /** The fault that a request meets, if any. */
  draw(subject: FaultSubject): Fault | null {
    const fault = this.#drawPlanned(subject) ?? this.#drawByChance(subject);
    if (fault) this.counts[fault.name]++;
    return fault;
  }

  /** How long a request takes, in milliseconds. */
  drawLatency(subject: FaultSubject): number {
    const latency = this.#latency;
    if (typeof latency === "number") return latency;
    if (typeof latency === "function") return latency(subject);
    return this.#latencyRandom.between(latency.min, latency.max);
  }

  #drawPlanned(subject: FaultSubject): Fault | null {
    const planned = this.#planned.find(
      ({ fault, target }) => isTarget(target, subject) && canHappen(fault.name, subject),
    );
    if (!planned) return null;
    planned.times--;
    if (planned.times === 0) this.#planned = this.#planned.filter((other) => other !== planned);
    return planned.fault;
  }

  #drawByChance(subject: FaultSubject): Fault | null {
    if (this.#chances.length === 0 || !isTarget(this.#chanceTarget, subject)) return null;
    let roll = this.#random.next();
    for (const { fault, rate } of this.#chances) {
      if (roll < rate) return canHappen(fault.name, subject) ? fault : null;
      roll -= rate;
    }
    return null;
  }
}

function checkName(name: string): asserts name is FaultName {
  const names: readonly string[] = FAULT_NAMES;
  if (names.includes(name)) return;
  throw new SimulatorUsageError(
    `Unknown fault ${JSON.stringify(name)}; expected one of ${names.join(", ")}`,
  );
}

function canHappen(name: FaultName, { kind, rootFields }: FaultSubject): boolean {
  if (kind === "token") return !GRAPHQL_FAULTS.has(name);
  return !CHARGE_FAULTS.has(name) || rootFields.includes("appUsageRecordCreate");
}

function isTarget(target: FaultTarget, subject: FaultSubject): boolean {
  if (target === "tokens" || subject.kind === "token") {
    return target === "tokens" && subject.kind === "token";
  }
  if (target === "all") return true;
  if (target === "queries") return subject.operationType === "query";
  if (target === "mutations") return subject.operationType === "mutation";
  return (
    (subject.operationName !== null && target.includes(subject.operationName)) ||
    subject.rootFields.some((field) => target.includes(field))
  );
}
