/**
 * The methods of a `PgBoss` that the engine calls, of version 10, 11 or 12.
 *
 * @remarks
 * Methods, not properties that are functions: their parameters are compared loosely, so that the class of
 * each version fits.
 */
export interface PgBoss {
  createQueue(name: string, options: PgBossQueue): Promise<unknown>;
  schedule(name: string, cron: string, data: object): Promise<unknown>;
  send(
    name: string,
    data: object,
    options: { readonly singletonKey?: string },
  ): Promise<string | null>;
  work(
    name: string,
    options: { batchSize: number; pollingIntervalSeconds: number },
    handler: (jobs: PgBossJob[]) => Promise<unknown>,
  ): Promise<string>;
  offWork(name: string): Promise<unknown>;
}

/** A queue as the engine creates it. */
export interface PgBossQueue {
  name: string;
  policy?: "short";
  retryLimit: number;
  retryDelay: number;
  retryBackoff: boolean;
  expireInSeconds: number;
  deadLetter?: string;
}

/** A job as pg-boss passes it to the engine. */
export interface PgBossJob {
  readonly id: string;
  readonly data: unknown;
}
