import type { UsageRecordPayload } from "./charge.js";

/** Which answers a repeated key gets again. */
export type Replay = "successes" | "all";

/**
 * The idempotency keys of one app in one shop.
 *
 * @remarks
 * The same shop, app and key get the first response again, without any stated expiry; other shops
 * and apps may use the same key (documented by Shopify). Whether a failed answer is replayed as well
 * is unknown: both can be chosen.
 */
export class IdempotencyKeys {
  readonly #answers: Map<string, UsageRecordPayload> = new Map();
  readonly #inProgress: Set<string> = new Set();
  readonly #replay: Replay;

  constructor(replay: Replay) {
    this.#replay = replay;
  }

  /** The answer that was given to this key before. */
  answer(key: string): UsageRecordPayload | undefined {
    return this.#answers.get(key);
  }

  isInProgress(key: string): boolean {
    return this.#inProgress.has(key);
  }

  begin(key: string): void {
    this.#inProgress.add(key);
  }

  /** Another request with this key may run from now on. */
  release(key: string): void {
    this.#inProgress.delete(key);
  }

  finish(key: string, answer: UsageRecordPayload): void {
    this.release(key);
    if (this.#replay === "all" || answer.appUsageRecord !== null) this.#answers.set(key, answer);
  }
}
