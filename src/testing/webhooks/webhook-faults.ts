import type { Random } from "../platform/random.js";
import { SimulatorUsageError } from "../usage-error.js";
import type { WebhookTopic } from "./topic.js";

/**
 * What can go wrong with a webhook.
 *
 * | name | what the app sees |
 * |---|---|
 * | `late` | it comes a minute later, by the simulated clock |
 * | `twice` | it comes twice, with the same ids |
 * | `outOfOrder` | it comes after the shop's next webhook, or a minute later |
 * | `never` | it does not come |
 */
export type WebhookFaultName = (typeof WEBHOOK_FAULT_NAMES)[number];

/** All webhook faults by name. */
export const WEBHOOK_FAULT_NAMES = ["late", "twice", "outOfOrder", "never"] as const;

/** A webhook fault with its details. */
export interface WebhookFault {
  readonly name: WebhookFaultName;
  /** How late, at most, in simulated milliseconds. Default: a minute. */
  readonly milliseconds?: number;
}

interface Planned {
  readonly fault: WebhookFault;
  readonly topics: readonly WebhookTopic[] | null;
  times: number;
}

/** The faults that webhooks meet. The same seed and the same webhooks in the same order give the same faults. */
export class WebhookFaults {
  readonly #random: Random;
  #planned: Planned[] = [];
  #chances: readonly (readonly [WebhookFault, number])[] = [];

  /** @internal */
  constructor(random: Random) {
    this.#random = random;
  }

  /**
   * Lets the next webhooks meet a fault.
   *
   * @param times - how many webhooks; default: 1
   * @param topics - of which topics; default: all
   *
   * @example
   * ```ts
   * admin.faults.webhooks.next("twice", 1, ["APP_SUBSCRIPTIONS_UPDATE"]);
   * ```
   */
  next(
    fault: WebhookFaultName | WebhookFault,
    times: number = 1,
    topics: readonly WebhookTopic[] | null = null,
  ): void {
    const detailed = typeof fault === "string" ? { name: fault } : fault;
    checkName(detailed.name);
    if (!Number.isInteger(times) || times < 1) {
      throw new SimulatorUsageError(`times must be a whole number of one or more, got ${times}`);
    }
    this.#planned.push({ fault: detailed, topics, times });
  }

  /**
   * Lets webhooks meet each fault with its probability from now on, at most one fault each.
   *
   * @param rates - probabilities from 0 to 1, together 1 at most; they replace those that were set before
   */
  rate(rates: Partial<Record<WebhookFaultName, number>>): void {
    const chances = Object.entries(rates).map(([name, rate]) => {
      checkName(name);
      return [{ name }, rate] as const;
    });
    const sum = chances.reduce((total, [, rate]) => total + rate, 0);
    if (!chances.every(([, rate]) => rate >= 0) || !(sum <= 1 + 1e-9)) {
      throw new SimulatorUsageError(
        `rates must be probabilities from 0 to 1 that add up to 1 or less, got ${JSON.stringify(rates)}`,
      );
    }
    this.#chances = chances;
  }

  /** Removes all webhook faults. */
  clear(): void {
    this.#planned = [];
    this.#chances = [];
  }

  /** @internal Returns the fault that a webhook meets. `null` if it meets none. */
  draw(topic: WebhookTopic): WebhookFault | null {
    const planned = this.#planned.find(({ topics }) => topics === null || topics.includes(topic));
    if (planned) {
      planned.times--;
      if (planned.times === 0) this.#planned = this.#planned.filter((other) => other !== planned);
      return planned.fault;
    }
    if (this.#chances.length === 0) return null;
    let roll = this.#random.next();
    for (const [fault, rate] of this.#chances) {
      if (roll < rate) return fault;
      roll -= rate;
    }
    return null;
  }
}

function checkName(name: string): asserts name is WebhookFaultName {
  const names: readonly string[] = WEBHOOK_FAULT_NAMES;
  if (names.includes(name)) return;
  throw new SimulatorUsageError(
    `Unknown webhook fault ${JSON.stringify(name)}; expected one of ${names.join(", ")}`,
  );
}
