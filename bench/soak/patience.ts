/** The time-outs of both contenders, in milliseconds: the defaults, a hundred times faster. */
export const PATIENCE = {
  attempts: 5,
  minDelay: 5,
  maxDelay: 100,
  /** Of one attempt. */
  timeout: 300,
  deadline: 3_000,
  /** How many times a charge is sent before giving up. */
  calls: 50,
} as const;
