import { row, timeOf, type Database } from "./database.js";
import { LedgerSchemaError } from "./errors.js";
import { checkSchema, requireSchema, SCHEMA_COLUMNS } from "./migrate.js";

// The shop stays due until the worker sets its next look: if the worker dies, it is due once the claim expires.
const TAKE = `insert into usage_ledger.shops as s (shop, claimed_by, claimed_until, look_at)
values ($1::text, $2::text, clock_timestamp() + ($3::text)::interval, ${timeOf("$4")})
on conflict (shop) do update set claimed_by = excluded.claimed_by,
  claimed_until = excluded.claimed_until, look_at = excluded.look_at
where s.claimed_until is null or s.claimed_until <= clock_timestamp()
returning ${SCHEMA_COLUMNS}`;

const RENEW = `update usage_ledger.shops set claimed_until = clock_timestamp() + ($3::text)::interval
where shop = $1::text and claimed_by = $2::text and claimed_until > clock_timestamp()
returning shop`;

const RELEASE = `update usage_ledger.shops set claimed_by = null, claimed_until = null
where shop = $1::text and claimed_by = $2::text returning shop`;

/** PostgreSQL's codes for a missing table and a missing schema. */
const MISSING = new Set(["42P01", "3F000"]);

/**
 * A worker's hold on a shop, which expires unless it is renewed.
 *
 * @remarks
 * It only saves work. Two workers that both believe they hold a shop send the same charges with the
 * same keys.
 */
export class Claim {
  readonly shop: string;
  readonly worker: string;
  readonly #database: Database;
  readonly #milliseconds: number;
  readonly #ended = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #outer: AbortSignal | undefined;
  readonly #abort = (): void => this.#ended.abort(this.#outer?.reason);
  #until: number;

  private constructor(
    database: Database,
    shop: string,
    worker: string,
    milliseconds: number,
    outer: AbortSignal | undefined,
  ) {
    this.#outer = outer;
    if (outer?.aborted) this.#abort();
    else outer?.addEventListener("abort", this.#abort);
    this.#database = database;
    this.shop = shop;
    this.worker = worker;
    this.#milliseconds = milliseconds;
    this.#until = Date.now() + milliseconds;
    this.#timer = setInterval(() => void this.#renew(), milliseconds / 3);
    this.#timer.unref();
  }

  /** Claims a shop; returns `null` if another worker holds it. */
  static async take(
    database: Database,
    shop: string,
    milliseconds: number,
    now: string | null,
    outer: AbortSignal | undefined,
  ): Promise<Claim | null> {
    const worker = crypto.randomUUID();
    try {
      const taken = await row<{ schema_number: string; schema_requires: string }>(database, TAKE, [
        shop,
        worker,
        `${milliseconds} milliseconds`,
        now,
      ]);
      if (!taken) return null;
      const claim = new Claim(database, shop, worker, milliseconds, outer);
      try {
        checkSchema(taken);
      } catch (error) {
        await claim.release();
        throw error;
      }
      return claim;
    } catch (error) {
      if (error instanceof LedgerSchemaError) throw error;
      if (MISSING.has(String(Reflect.get(Object(error), "code")))) await requireSchema(database);
      throw error;
    }
  }

  /** Aborts when the claim is lost or released, or when the caller's own signal does. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /**
   * Whether the claim has expired by this machine's clock, was lost, or the caller has aborted.
   *
   * @remarks
   * Asks the clock, not a timer: a process that was stopped runs other things first when it goes on.
   */
  get isOver(): boolean {
    if (Date.now() >= this.#until) this.#lose();
    return this.#ended.signal.aborted;
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    this.#outer?.removeEventListener("abort", this.#abort);
    this.#ended.abort();
    await row(this.#database, RELEASE, [this.shop, this.worker]);
  }

  async #renew(): Promise<void> {
    if (this.isOver) return;
    const asked = Date.now();
    try {
      const renewed = await row(this.#database, RENEW, [
        this.shop,
        this.worker,
        `${this.#milliseconds} milliseconds`,
      ]);
      if (renewed) this.#until = asked + this.#milliseconds;
      else this.#lose();
    } catch {
      // The next renewal may reach the database; if none does, the claim expires.
    }
  }

  #lose(): void {
    clearInterval(this.#timer);
    this.#outer?.removeEventListener("abort", this.#abort);
    this.#ended.abort(new Error(`The claim on ${this.shop} has expired`));
  }
}
