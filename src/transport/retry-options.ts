/** How often, how patiently and how long a call is retried. */
export interface RetryOptions {
  /** How many times one call is sent at most, 1 to 100; `THROTTLED` responses do not count. @defaultValue 5 */
  readonly attempts?: number | undefined;
  /** Milliseconds; the bound of the first backoff, doubled for each further one. @defaultValue 500 */
  readonly minDelay?: number | undefined;
  /** Milliseconds; the bound of any backoff. @defaultValue 10000 */
  readonly maxDelay?: number | undefined;
  /** Milliseconds from the first attempt, after which none is begun; waits for the rate limit do not count. @defaultValue 60000 */
  readonly deadline?: number | undefined;
}
