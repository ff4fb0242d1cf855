/**
 * The idempotency keys of one app in one shop.
 *
 * @remarks
 * The same shop, app and key get the first response again, without any stated expiry; other shops
 * and apps may use the same key (documented by Shopify). Whether a failure is repeated as well is
 * unknown, so the caller says which responses are kept.
 */
export class IdempotencyKeys<Answer> {
  readonly #answers: Map<string, Answer> = new Map();
  readonly #inProgress: Set<string> = new Set();
  readonly #isKept: (answer: Answer) => boolean;

  /** @param isKept - whether a response is given again when its key is repeated */
  constructor(isKept: (answer: Answer) => boolean) {
    this.#isKept = isKept;
  }

  /** Returns the response that this key got before. */
  answer(key: string): Answer | undefined {
    return this.#answers.get(key);
  }

  isInProgress(key: string): boolean {
    return this.#inProgress.has(key);
  }

  begin(key: string): void {
    this.#inProgress.add(key);
  }

  /** Lets another request with this key run. */
  release(key: string): void {
    this.#inProgress.delete(key);
  }

  finish(key: string, answer: Answer): void {
    this.release(key);
    if (this.#isKept(answer)) this.#answers.set(key, answer);
  }
}
