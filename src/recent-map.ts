/**
 * A map that remembers at least its last `size` entries, and at most twice as many.
 *
 * @remarks
 * It forgets half of them at a time. Removing the oldest entry of a `Map` for each new one gets slow: the iterator
 * passes what was removed before.
 */
export class RecentMap<Key, Value> {
  readonly #size: number;
  #recent = new Map<Key, Value>();
  #older: ReadonlyMap<Key, Value> = new Map();

  constructor(size: number) {
    this.#size = size;
  }

  get(key: Key): Value | undefined {
    return this.#recent.get(key) ?? this.#older.get(key);
  }

  set(key: Key, value: Value): void {
    this.#recent.set(key, value);
    if (this.#recent.size < this.#size) return;
    this.#older = this.#recent;
    this.#recent = new Map();
  }
}
