import type { Approval } from "./approval.js";
import type { CappedAmountMessage } from "./charge.js";
import type { Clock } from "./clock.js";
import type { Events } from "./events.js";
import type { Replay } from "./idempotency.js";
import type { Random } from "./random.js";
import type { UsageRecord } from "./usage-record.js";

/** How the simulator behaves where nobody outside Shopify knows, or where Shopify's own pages differ. */
export interface Choices {
  /** Are failed answers replayed to a repeated key, too? */
  readonly replay: Replay;
  readonly cappedAmountMessage: CappedAmountMessage;
  /** May test subscriptions be charged above their cap? */
  readonly testChargesPassCap: boolean;
}

type Numbered = "AppInstallation" | "AppPurchaseOneTime" | "AppSubscription" | "AppUsageRecord";

/** What all shops of one simulator share. */
export class Platform {
  readonly clock: Clock;
  readonly events: Events;
  readonly random: Random;
  readonly choices: Choices;
  /** Every charge that was really made, in the order it was made. */
  readonly ledger: UsageRecord[] = [];
  /** What merchants are asked to approve, by `kind/number`. */
  readonly approvals: Map<string, Approval> = new Map();
  /** Where the simulator listens; null while it does not. */
  origin: string | null = null;

  // The numbers of Shopify's own examples come first.
  readonly #next: Record<Numbered, number> = {
    AppInstallation: 530741932,
    AppPurchaseOneTime: 1017262346,
    AppSubscription: 1029266946,
    AppUsageRecord: 1034618209,
  };

  readonly #claimed: Set<number> = new Set();

  constructor(clock: Clock, events: Events, random: Random, choices: Choices) {
    this.clock = clock;
    this.events = events;
    this.random = random;
    this.choices = choices;
  }

  /** The next id's number. Numbers are unique over all shops. */
  nextNumber(type: Numbered): number {
    const number = this.#next[type]++;
    return type === "AppSubscription" && !this.claim(number) ? this.nextNumber(type) : number;
  }

  /** Takes a subscription's number that a test has chosen; false where another one has it. */
  claim(subscriptionNumber: number): boolean {
    if (this.#claimed.has(subscriptionNumber)) return false;
    this.#claimed.add(subscriptionNumber);
    return true;
  }
}
