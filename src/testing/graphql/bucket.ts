/** The size of a cost bucket, in points. */
export interface BucketSize {
  /** The most points that can be saved up. */
  readonly maximumAvailable: number;
  /** Points per second. */
  readonly restoreRate: number;
}

/** What a response says about the bucket, in points. */
export interface ThrottleStatus extends BucketSize {
  readonly currentlyAvailable: number;
}

/** Shopify's leaky bucket of query costs: one for each app in each shop. */
export class CostBucket {
  readonly #size: BucketSize;
  #available: number;
  #filledAt: number;

  constructor(size: BucketSize, now: number) {
    this.#size = size;
    this.#available = size.maximumAvailable;
    this.#filledAt = now;
  }

  /** Takes the points of a request. Returns false, and takes none, if there are too few. */
  take(points: number, now: number): boolean {
    this.#fill(now);
    if (points > this.#available) return false;
    this.#available -= points;
    return true;
  }

  /** Puts points back that a request did not use. */
  refund(points: number, now: number): void {
    this.#fill(now);
    this.#available = Math.min(this.#size.maximumAvailable, this.#available + points);
  }

  /** Throws points away, as another process of the app would use them. */
  drain(points: number, now: number): void {
    this.#fill(now);
    this.#available = Math.max(0, this.#available - points);
  }

  status(now: number): ThrottleStatus {
    this.#fill(now);
    return { ...this.#size, currentlyAvailable: Math.floor(this.#available) };
  }

  #fill(now: number): void {
    const { maximumAvailable, restoreRate } = this.#size;
    const restored = ((now - this.#filledAt) / 1000) * restoreRate;
    this.#available = Math.min(maximumAvailable, this.#available + restored);
    this.#filledAt = now;
  }
}
