import { hash } from "node:crypto";

/**
 * Remembers every key of a file with its charge.
 *
 * @remarks
 * As digests of 128 bits, which never collide in practice: a million rows take some 120 MB regardless of
 * the length of their keys and descriptions. Not left to the client, which remembers only the last 10,000.
 */
export class KeyRegister {
  readonly #lines = new Map<string, number>();
  readonly #charges = new Set<string>();

  /** The number of different keys. */
  get size(): number {
    return this.#lines.size;
  }

  /**
   * Registers a row.
   *
   * @returns `new`, `repeated` if the same charge came before, or the line of another charge with this key
   */
  note(key: string, content: string, line: number): "new" | "repeated" | number {
    const keyDigest = digest(key);
    const chargeDigest = digest(`${key}\0${content}`);
    const before = this.#lines.get(keyDigest);
    if (before === undefined) {
      this.#lines.set(keyDigest, line);
      this.#charges.add(chargeDigest);
      return "new";
    }
    return this.#charges.has(chargeDigest) ? "repeated" : before;
  }
}

function digest(text: string): string {
  return hash("sha256", text, "buffer").toString("latin1", 0, 16);
}
