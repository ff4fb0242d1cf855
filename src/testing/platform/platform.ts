import { Approvals } from "../billing/approval.js";
import type { Choices } from "../billing/choices.js";
import type { Clock } from "./clock.js";
import type { Events } from "./events.js";
import type { Announcement } from "../webhooks/topic.js";
import type { Random } from "./random.js";
import type { UsageRecord } from "../billing/usage-record.js";

type Numbered =
  "AppCredit" | "AppInstallation" | "AppPurchaseOneTime" | "AppSubscription" | "AppUsageRecord";

/** The numbers of Shopify's own examples come first. */
const FIRST: Record<Numbered, number> = {
  AppCredit: 1017262342,
  AppInstallation: 530741932,
  AppPurchaseOneTime: 1017262346,
  AppSubscription: 1029266946,
  AppUsageRecord: 1034618209,
};

/** What all shops of one simulator share. */
export class Platform {
  readonly clock: Clock;
  readonly events: Events;
  readonly random: Random;
  readonly choices: Choices;
  /** Every charge that was really made, in the order it was made. */
  readonly ledger: UsageRecord[] = [];
  readonly approvals: Approvals;
  /** Sends webhooks about what happened. */
  announce: (announcement: Announcement) => void = () => {};

  readonly #next: Record<Numbered, number> = { ...FIRST };
  /** Numbers that tests have chosen, as `type/number`. */
  readonly #chosen: Set<string> = new Set();

  constructor(clock: Clock, events: Events, random: Random, choices: Choices) {
    this.clock = clock;
    this.events = events;
    this.random = random;
    this.choices = choices;
    this.approvals = new Approvals(random);
  }

  /** The next id's number. Numbers are unique over all shops. */
  nextNumber(type: Numbered): number {
    const number = this.#next[type]++;
    return this.#chosen.has(`${type}/${number}`) ? this.nextNumber(type) : number;
  }

  /** Reserves a number that a test has chosen. Returns false if something has it already. */
  choose(type: Numbered, number: number): boolean {
    const key = `${type}/${number}`;
    const isGiven = number >= FIRST[type] && number < this.#next[type];
    if (isGiven || this.#chosen.has(key)) return false;
    this.#chosen.add(key);
    return true;
  }
}
