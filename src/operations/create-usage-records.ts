import { onAbort } from "../abort.js";
import type { AdminApi, BillingContext } from "../admin-api.js";
import { checkCallOptions } from "../call-options.js";
import { canonical } from "../money.js";
import type { UsageRecordUserErrorCode } from "../user-error.js";
import { AbortedError } from "../errors/connection-errors.js";
import { InvalidInputError } from "../errors/invalid-input-error.js";
import { checkInteger, checkText, mustBe, type CallOptions } from "../input.js";
import { RecentMap } from "../recent-map.js";
import { checkCharge, type Charge, type CreateUsageRecordInput } from "./charge.js";
import {
  sendCharge,
  type CreateUsageRecordResult,
  type UsageRecordRefused,
} from "./create-usage-record.js";
import { LineItemLookUp } from "./line-item-look-up.js";

/** A charge of a bulk run. */
export interface BulkUsageRecordInput<
  CurrencyCode extends string = string,
> extends CreateUsageRecordInput<CurrencyCode> {
  /** Ensures that the charge is made only once. The keys make the whole run safe to repeat. */
  readonly idempotencyKey: string;
  /**
   * Any data of the app's own, such as the row that is charged for. It is not sent, and is returned
   * as it is.
   */
  readonly context?: unknown;
}

/**
 * What the compiler accepts as an input of a bulk run before {@link BulkProblem} checks it.
 *
 * @remarks
 * The currencies are named so that a literal `"USD"` in the caller's code keeps its type.
 */
export interface BulkInput<CurrencyCode extends string> {
  readonly description?: unknown;
  readonly price?: {
    readonly amount?: unknown;
    readonly currencyCode?: CurrencyCode | (string & {});
  };
  readonly idempotencyKey?: unknown;
}

/** Fields that a charge does not have. */
type Unknown<Input> = Exclude<keyof Input, keyof BulkUsageRecordInput>;

/**
 * `unknown` if a bulk run accepts the input; otherwise a type that says what is wrong with it.
 *
 * @remarks
 * For a mismatch within an iterable, the compiler prints a dozen lines; this prints one.
 */
export type BulkProblem<Input, CurrencyCode extends string> = [Input] extends [never]
  ? unknown // an empty list
  : [BulkInput<CurrencyCode>] extends [Input]
    ? unknown // any, whose fields are checked at run time
    : [Input] extends [BulkUsageRecordInput<CurrencyCode>]
      ? [Unknown<Input>] extends [never]
        ? unknown
        : InputProblem<`unknown field ${Unknown<Input> & string}; fields of the app's own go into context`>
      : [Input] extends [BulkUsageRecordInput]
        ? InputProblem<"price.currencyCode must be a CurrencyCode; check it with isCurrencyCode">
        : InputProblem<"an input must be a BulkUsageRecordInput; a field is missing or has another type">;

/** What the compiler prints. */
export interface InputProblem<What extends string> {
  readonly problem: What;
}

/** Which refusals end a bulk run: any, or those with one of the codes. */
export type StopOn = "refusal" | readonly UsageRecordUserErrorCode[];

/** Options of a bulk run. */
export interface BulkOptions extends CallOptions {
  /** The most charges to have in flight at once, 1 to 1000. @defaultValue 10 */
  readonly concurrency?: number | undefined;
  /**
   * Which refusals end the run. No new charge is started then. Those in flight are completed and
   * returned, and the iteration ends without an error. If absent, the run continues.
   *
   * @example `["CAPPED_AMOUNT_EXCEEDED"]`
   */
  readonly stopOn?: StopOn | undefined;
}

/** The outcome of one charge of a bulk run. */
export type BulkOutcome<Input, UsageRecord> =
  | {
      readonly input: Input;
      readonly result: CreateUsageRecordResult<UsageRecord>;
      readonly error?: undefined;
    }
  | { readonly input: Input; readonly result?: undefined; readonly error: unknown };

/** How many keys are remembered at least, besides those in flight. */
const REMEMBERED_KEYS = 10_000;

/** The keys of a run and what each was used for, so that no key serves two charges. */
class KeyRegister {
  readonly #underWay = new Map<string, { content: string; count: number }>();
  readonly #ended = new RecentMap<string, string>(REMEMBERED_KEYS);

  /** Notes a charge under its key. @throws InvalidInputError if the key came with other content */
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
        "each charge needs its own key",
      );
    }
    this.#underWay.set(key, { content, count: (running?.count ?? 0) + 1 });
    return content;
  }

  end(key: string, content: string): void {
    const running = this.#underWay.get(key);
    if (running && running.count > 1) running.count -= 1;
    else this.#underWay.delete(key);
    this.#ended.set(key, content);
  }
}

function checkStopOn(stopOn: unknown): void {
  if (stopOn === "refusal") return;
  if (Array.isArray(stopOn) && stopOn.every((code) => typeof code === "string")) return;
  throw mustBe(
    "stopOn",
    '"refusal", or a list of codes such as ["CAPPED_AMOUNT_EXCEEDED"]',
    stopOn,
  );
}

function endsRun({ userErrors }: UsageRecordRefused, stopOn: StopOn): boolean {
  return stopOn === "refusal" || userErrors.some(({ code }) => stopOn.includes(code));
}

function iteratorOf<T>(source: AsyncIterable<T> | Iterable<T>): AsyncIterator<T> | Iterator<T> {
  return Symbol.asyncIterator in source
    ? source[Symbol.asyncIterator]()
    : source[Symbol.iterator]();
}

/** Charges many usage records. Results come in the order in which they finish. */
export function createUsageRecords<
  Api extends AdminApi,
  Input extends BulkInput<Api["CurrencyCode"]>,
>(
  context: BillingContext<Api>,
  inputs: AsyncIterable<Input> | Iterable<Input>,
  options?: BulkOptions,
): AsyncGenerator<BulkOutcome<Input, Api["LeanUsageRecord"]>, void, undefined> {
  const {
    concurrency = 10,
    stopOn = [],
    ...call
  } = checkCallOptions(options, ["concurrency", "stopOn"]);
  checkInteger("concurrency", concurrency, 1, 1_000);
  checkStopOn(stopOn);
  const source: object = typeof inputs === "string" ? {} : Object(inputs);
  if (!(Symbol.asyncIterator in source) && !(Symbol.iterator in source)) {
    throw mustBe("inputs", "a list or another iterable", inputs);
  }
  return bulk(context, inputs, { ...call, concurrency, stopOn });
}

async function* bulk<Api extends AdminApi, Input extends BulkInput<Api["CurrencyCode"]>>(
  context: BillingContext<Api>,
  inputs: AsyncIterable<Input> | Iterable<Input>,
  { concurrency, stopOn, signal, ...call }: BulkOptions & { concurrency: number; stopOn: StopOn },
): AsyncGenerator<BulkOutcome<Input, Api["LeanUsageRecord"]>, void, undefined> {
  type Outcome = BulkOutcome<Input, Api["LeanUsageRecord"]>;
  const source = iteratorOf(inputs);
  const lookUp = new LineItemLookUp(context);
  const keys = new KeyRegister();
  /**
   * Aborts what is in flight when the consumer leaves the loop, not when the caller's signal
   * aborts.
   */
  const left = new AbortController();
  const finished: Outcome[] = [];
  let underWay = 0;
  let reading = false;
  let exhausted = false;
  let stopped = false;
  const sourceFailures: unknown[] = [];
  let wake = (): void => undefined;

  const charge = async (input: Input): Promise<Outcome> => {
    try {
      const checked = checkCharge<Api["CurrencyCode"]>(input, ["context"]);
      // Not generated: a generated key could not be repeated after a crash.
      const given = checked.keyGiven ? checked.idempotencyKey : undefined;
      const key = checkText("idempotencyKey", given, "event-1234");
      const content = keys.begin(checked);
      try {
        const document = context.documents.AppUsageRecordCreateLeanDocument;
        const options = { ...call, signal: left.signal };
        const result = await sendCharge(context, document, checked, () => lookUp, options);
        stopped ||= !result.ok && endsRun(result, stopOn);
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
      // An item that arrives after the end of the run is not started.
      else if (isOpen() && !left.signal.aborted) void start(next.value);
    } catch (error) {
      exhausted = true;
      sourceFailures.push(error);
    }
    reading = false;
    wake();
  };

  const isOpen = (): boolean => !exhausted && !stopped && !signal?.aborted;
  const ignore = onAbort(signal, () => wake());
  try {
    for (;;) {
      const outcome = finished.shift();
      if (outcome) {
        yield outcome;
        continue;
      }
      if (isOpen() && !reading && underWay < concurrency) void readNext();
      // Checked again: the source may have ended or failed meanwhile.
      if (underWay === 0 && !isOpen()) break;
      if (finished.length > 0) continue;
      await new Promise<void>((resolve) => (wake = resolve));
    }
    if (sourceFailures.length > 0) throw sourceFailures[0];
    if (signal?.aborted && !exhausted && !stopped) {
      throw new AbortedError("The run was aborted; nothing was begun after that", {
        cause: signal.reason,
      });
    }
  } finally {
    ignore();
    left.abort();
    if (!exhausted) {
      // Not awaited: a source that waits for its next item would block the consumer.
      Promise.resolve(source.return?.()).catch(() => undefined);
    }
  }
}
