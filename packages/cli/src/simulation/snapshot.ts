import { type AdminSimulator, FAULT_NAMES } from "shopify-usage-billing/testing";
import { Sums } from "../charges/sums.js";
import type { ArmedFaults } from "./armed-faults.js";

/** Of the ledger and the requests, the page shows so many of the latest. */
const SHOWN = 100;

/** What the simulator is at a moment, as the page is told. */
export class Snapshots {
  readonly #admin: AdminSimulator;
  readonly #armed: ArmedFaults;
  readonly #speed: number;
  readonly #sums = new Sums();
  #requests = 0;

  /** @param speed - simulated milliseconds for each real one */
  constructor(admin: AdminSimulator, armed: ArmedFaults, speed: number) {
    this.#admin = admin;
    this.#armed = armed;
    this.#speed = speed;
    for (const { price } of admin.ledger) this.#sums.add(price);
    admin.on("usageRecord", ({ price }) => this.#sums.add(price));
    admin.on("request", () => (this.#requests += 1));
  }

  take(): object {
    const { clock, shops, ledger, requests, faults } = this.#admin;
    return {
      now: clock.now(),
      speed: this.#speed,
      shops: shops.map((shop) => ({
        domain: shop.domain,
        app: shop.app,
        status: shop.status,
        bucket: shop.throttleStatus,
        // Those that are over sink to the bottom, the newest stay on top.
        subscriptions: shop.subscriptions.toReversed(),
        approvals: shop.openApprovals,
      })),
      ledger: {
        count: ledger.length,
        sums: this.#sums.all(),
        records: ledger
          .slice(-SHOWN)
          .toReversed()
          .map(({ id, createdAt, description, price, idempotencyKey, attempts, test }) => ({
            id,
            createdAt,
            description,
            price,
            idempotencyKey,
            attempts: attempts.length,
            test,
          })),
      },
      requests: { count: this.#requests, records: requests.slice(-SHOWN).toReversed() },
      faults: {
        armed: this.#armed.all,
        happened: FAULT_NAMES.filter((name) => faults.counts[name] > 0).map((name) => ({
          name,
          times: faults.counts[name],
        })),
      },
    };
  }
}
