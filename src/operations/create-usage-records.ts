import { onAbort } from "../abort.js";
import type { AdminApi, BillingContext } from "../admin-api.js";
import { AbortedError } from "../errors/connection-errors.js";
import { InvalidInputError } from "../errors/invalid-input-error.js";
import { checkFields, checkInteger, checkText, type CallOptions } from "../input.js";
import {
  checkCharge,
  sendCharge,
  type Charge,
  type CreateUsageRecordInput,
  type CreateUsageRecordResult,
} from "./create-usage-record.js";
import { canonical } from "../money.js";
import { LineItemLookUp } from "./line-item-look-up.js";

/** A charge of a bulk run: its key is what makes the run repeatable. */
export interface BulkUsageRecordInput<
  CurrencyCode extends string = string,
> extends CreateUsageRecordInput<CurrencyCode> {
  readonly idempotencyKey: string;
}

/** An input of a bulk run, whatever more is known of its fields, without others: those would be refused. */
export type BulkInput<Input, CurrencyCode extends string> = BulkUsageRecordInput<CurrencyCode> & {
  readonly [Other in Exclude<keyof Input, keyof BulkUsageRecordInput>]?: never;
};

/** How a bulk run goes. */
export interface BulkOptions extends CallOptions {
  /** How many charges are under way at most, 1 to 1000. @defaultValue 10 */
  readonly concurrency?: number | undefined;
}

/** What became of one charge of a bulk run. */
export type BulkOutcome<Input, UsageRecord> =
  | {
      readonly input: Input;
      readonly result: CreateUsageRecordResult<UsageRecord>;
      readonly error?: undefined;
    }
  | { readonly input: Input; readonly result?: undefined; readonly error: unknown };

/** How many keys are remembered, besides those under way. */
const REMEMBERED_KEYS = 10_000;

/** The keys of a run with what they were used for, so that no key serves two charges. */
class KeyRegister {
  readonly #underWay = new Map<string, { content: string; count: number }>();
  readonly #ended = new Map<string, string>();

  /** Notes a charge under its key. @throws InvalidInputError where the key came with other content */
  begin(charge: Charge): string {
    const { idempotencyKey: key, price } = charge;
    const { amount, currencyCode } = price;
    const content = JSON.stringify([
      charge.description,
      canonical(amount),
      currencyCode,
      charge.subscriptionLineItemId ?? null,
    ]);
    const running = this.#underWay.get(key);
    if ((running?.content ?? this.#ended.get(key) ?? content) !== content) {
      throw new InvalidInputError(
        "idempotencyKey",
        `${JSON.stringify(key)} came before in this run, with other content`,
        "give each charge a key of its own",
      );
    }
    this.#underWay.set(key, { content, count: (running?.count ?? 0) + 1 });
    return content;
  }

  end(key: string, content: string): void {
    const running = this.#underWay.get(key);
    if (running && running.count > 1) running.count -= 1;
    else this.#underWay.delete(key);
    this.#ended.delete(key);
    this.#ended.set(key, content);
    for (const oldest of this.#ended.keys()) {
      if (this.#ended.size <= REMEMBERED_KEYS) break;
      this.#ended.delete(oldest);
    }
  }
}

function iteratorOf<T>(source: AsyncIterable<T> | Iterable<T>): AsyncIterator<T> | Iterator<T> {
  return Symbol.asyncIterator in source
    ? source[Symbol.asyncIterator]()
    : source[Symbol.iterator]();
}

/** Charges many usage records; the results come as they finish. */
export function createUsageRecords<
  Api extends AdminApi,
  Input extends BulkUsageRecordInput<Api["CurrencyCode"]>,
>(
  context: BillingContext<Api>,
  inputs: AsyncIterable<Input> | Iterable<Input>,
  options: BulkOptions = {},
): AsyncGenerator<BulkOutcome<Input, Api["UsageRecord"]>, void, undefined> {
  checkFields("options", options, ["concurrency", "signal"]);
  const { concurrency = 10, signal } = options;
  checkInteger("concurrency", concurrency, 1, 1_000);
  const source: object = Object(inputs);
  if (!(Symbol.asyncIterator in source) && !(Symbol.iterator in source)) {
    throw new InvalidInputError("inputs", "is no iterable", "give a list or an async iterable");
  }
  return bulk(context, inputs, concurrency, signal);
}

async function* bulk<Api extends AdminApi, Input extends BulkUsageRecordInput<Api["CurrencyCode"]>>(
  context: BillingContext<Api>,
  inputs: AsyncIterable<Input> | Iterable<Input>,
  concurrency: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<BulkOutcome<Input, Api["UsageRecord"]>, void, undefined> {
  type Outcome = BulkOutcome<Input, Api["UsageRecord"]>;
  const source = iteratorOf(inputs);
  const lookUp = new LineItemLookUp(context);
  const keys = new KeyRegister();
  /** Ends what is under way when the consumer leaves the loop, not when the signal aborts. */
  const left = new AbortController();
  const finished: Outcome[] = [];
  let underWay = 0;
  let reading = false;
  let exhausted = false;
  const sourceFailures: unknown[] = [];
  let wake = (): void => undefined;

  const charge = async (input: Input): Promise<Outcome> => {
    try {
      const checked = checkCharge(input);
      const key = checkText("idempotencyKey", input.idempotencyKey, "event-1234");
      const content = keys.begin(checked);
      try {
        const result = await sendCharge(context, checked, () => lookUp, { signal: left.signal });
        return { input, result };
      } finally {
        keys.end(key, content);
      }
    } catch (error) {
      return { input, error };
    }
  };

  const start = async (input: Input): Promise<void> => {
    underWay += 1;
    const outcome = await charge(input);
    underWay -= 1;
    finished.push(outcome);
    wake();
  };

  const readNext = async (): Promise<void> => {
    reading = true;
    try {
      const next = await source.next();
      if (next.done) exhausted = true;
      // What was read when the signal aborted is not begun.
      else if (!signal?.aborted && !left.signal.aborted) void start(next.value);
    } catch (error) {
      exhausted = true;
      sourceFailures.push(error);
    }
    reading = false;
    wake();
  };

  const ignore = onAbort(signal, () => wake());
  try {
    for (;;) {
      const outcome = finished.shift();
      if (outcome) {
        yield outcome;
        continue;
      }
      const isOpen = (): boolean => !exhausted && !signal?.aborted;
      if (isOpen() && !reading && underWay < concurrency) void readNext();
      // Asked again: a source may end or fail at once.
      if (underWay === 0 && !isOpen()) break;
      if (finished.length > 0) continue;
      await new Promise<void>((resolve) => (wake = resolve));
    }
    if (sourceFailures.length > 0) throw sourceFailures[0];
    if (signal?.aborted && !exhausted) {
      throw new AbortedError("The run was aborted; nothing was begun after that", {
        cause: signal.reason,
      });
    }
  } finally {
    ignore();
    left.abort();
    if (!exhausted) {
      // Not awaited: a source that waits for its next item would hold the consumer back.
      Promise.resolve(source.return?.()).catch(() => undefined);
    }
  }
}
