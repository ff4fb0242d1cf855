import type { UsageRecordSeed } from "shopify-usage-billing/testing";

const DAY = 24 * 60 * 60 * 1000;
const HOUR = DAY / 24;

const CAMPAIGNS = [
  "Spring arrivals",
  "Members’ evening",
  "Back in stock",
  "Weekend offer",
  "New in linen",
  "Last chance",
  "Gift guide",
];

/** Random-looking numbers, the same in every run. */
function* numbers(): Generator<number, never> {
  let state = 20_250_131;
  for (;;) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    yield state / 2 ** 31;
  }
}

/** A decimal string of whole cents: no float ever holds an amount. */
export function dollars(cents: number): string {
  const text = String(cents).padStart(3, "0");
  return `${text.slice(0, -2)}.${text.slice(-2)}`;
}

/** The whole cents of a decimal string. */
export function centsOf(amount: string): number {
  const [whole = "", fraction = ""] = amount.split(".");
  return Number(whole + fraction.padEnd(2, "0"));
}

/** How a shop uses the app. */
export interface HistoryOptions {
  /** The first moment, in milliseconds since 1970. */
  readonly from: number;
  readonly until: number;
  /** How busy the shop is: 1 is about $60 in 23 days. */
  readonly pace: number;
}

/** The charges of a shop that sends emails and text messages, oldest first. */
export function history({ from, until, pace }: HistoryOptions): UsageRecordSeed[] {
  const random = numbers();
  const between = (least: number, most: number): number =>
    Math.round(pace * (least + (most - least) * random.next().value));
  const records: UsageRecordSeed[] = [];
  let campaign = 0;

  const charge = (at: number, description: string, cents: number): void => {
    if (at < from || at >= until || cents === 0) return;
    records.push({
      createdAt: at,
      description,
      price: dollars(cents),
      idempotencyKey: `usage-${from}-${records.length + 1}`,
    });
  };
  /** Emails are $0.90 for 1,000. */
  const emails = (at: number, what: string, count: number): void =>
    charge(at, `${what} · ${count.toLocaleString("en")} emails`, Math.round(count * 0.09));

  for (let day = Math.floor(from / DAY) * DAY; day < until; day += DAY) {
    const weekday = new Date(day).getUTCDay();
    const weekend = weekday === 0 || weekday === 6;
    if (weekday === 2 || weekday === 5) {
      const name = CAMPAIGNS[campaign++ % CAMPAIGNS.length] ?? "";
      emails(day + 9.25 * HOUR, `Campaign “${name}”`, between(22, 52) * 100);
    }
    if (weekday === 4) {
      const messages = between(120, 260);
      charge(
        day + 11.5 * HOUR,
        `Delivery updates · ${messages} text messages`,
        Math.round(messages * 1.5),
      );
    }
    emails(day + 20 * HOUR, "Automations", weekend ? between(350, 800) : between(700, 1700));
  }
  return records;
}
