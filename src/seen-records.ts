import { RecentMap } from "./recent-map.js";

/** How many keys a client remembers at least. */
const REMEMBERED_KEYS = 1_000;

/**
 * The ids of the records that a client received, by idempotency key.
 *
 * @remarks
 * Two records under one key have been reported (community, 567190).
 */
export class SeenRecords {
  readonly #idByKey = new RecentMap<string, string>(REMEMBERED_KEYS);

  /** Remembers a record; returns the id of another record seen under its key. */
  note(record: { readonly id: string; readonly idempotencyKey: string | null }): string | null {
    const { id, idempotencyKey } = record;
    if (typeof idempotencyKey !== "string") return null;
    const seen = this.#idByKey.get(idempotencyKey);
    if (seen !== undefined) return seen === id ? null : seen;
    this.#idByKey.set(idempotencyKey, id);
    return null;
  }
}
