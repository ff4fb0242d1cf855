/** How many keys a client remembers. */
const REMEMBERED_KEYS = 1_000;

/**
 * The ids of the records that a client was given, by idempotency key.
 *
 * @remarks
 * Shopify has been reported to make two records under one key (community, 567190).
 */
export class SeenRecords {
  readonly #idByKey = new Map<string, string>();

  /** Notes a record; returns the id of another record that was seen under its key. */
  note(record: { readonly id: string; readonly idempotencyKey: string | null }): string | null {
    const { id, idempotencyKey } = record;
    if (typeof idempotencyKey !== "string") return null;
    const seen = this.#idByKey.get(idempotencyKey);
    if (seen !== undefined) return seen === id ? null : seen;
    this.#idByKey.set(idempotencyKey, id);
    for (const oldest of this.#idByKey.keys()) {
      if (this.#idByKey.size <= REMEMBERED_KEYS) break;
      this.#idByKey.delete(oldest);
    }
    return null;
  }
}
