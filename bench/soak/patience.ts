/** How patient both contenders are, in milliseconds: like the defaults, a hundred times as fast. */
export const PATIENCE = {
  attempts: 5,
  minDelay: 5,
  maxDelay: 100,
  /** Of one attempt. */
  timeout: 300,
  deadline: 3_000,
  /** How often a charge is called for before it is given up. */
  calls: 50,
} as const;
