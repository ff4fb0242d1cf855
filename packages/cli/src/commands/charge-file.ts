import { Big } from "big.js";
import { Argument, Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { AbortedError } from "shopify-usage-billing";
import { readRow, type RowDefaults, type RowInput } from "../charges/charge-row.js";
import { endsTheRun, outcomeOf, type Outcome } from "../charges/outcome.js";
import { precheck, type Precheck } from "../charges/precheck.js";
import { Progress } from "../charges/progress.js";
import { resultsInFile, streamedResults, type Results } from "../charges/results.js";
import { readRows, type RowSource } from "../charges/rows.js";
import { Sums } from "../charges/sums.js";
import { Tally } from "../charges/tally.js";
import type { CommandContext } from "../command-context.js";
import { confirm } from "../confirmation.js";
import { connect, type Connection } from "../connection/connection.js";
import { countOption, numberOption, withConnection } from "../connection/connection-options.js";
import { findLineItem, type FoundLineItem } from "../connection/line-item.js";
import { examples } from "../examples.js";
import { adviceOnRefusal } from "../failure/advice.js";
import { CommandFailedError } from "../failure/command-failed-error.js";
import { CommandLineError } from "../failure/command-line-error.js";
import { exitCodes, type ExitCode } from "../failure/exit-code.js";
import type { Interruption } from "../interruption.js";
import { price } from "../output/price.js";
import { printable } from "../output/printable.js";
import type { Terminal } from "../output/terminal.js";

/** ISO 4217's code for no currency: before it is known which one the cap has. */
const NO_CURRENCY = "XXX";
/** So many rows that were not charged are told one by one; the results have all. */
const TROUBLE_TOLD = 10;

function delimiterOption(text: string): string {
  if (text === "tab" || text === "\\t") return "\t";
  if (text.length === 1) return text;
  throw new InvalidArgumentError('Give one character, or "tab".');
}

/** `usage-billing charge-file` */
export function chargeFileCommand({
  terminal,
  interruption,
  run,
}: CommandContext): Command<[string]> {
  return withConnection(
    new Command("charge-file")
      .description("Charge the merchant for every row of a file, each once.")
      .addArgument(
        new Argument(
          "<file>",
          "CSV with a header, or one JSON object a line; - for standard input",
        ),
      )
      .option(
        "--results <file>",
        "write what became of each row here; a file that is there is gone on with",
      )
      .option(
        "--currency <code>",
        "the currency of rows that name none; by default that of the cap",
      )
      .option("--line-item <id>", "charge this subscription line item; by default the active one")
      .option("--live", "never charge a test subscription")
      .option("--concurrency <number>", "charges under way at a time", numberOption, 10)
      .option("--max-failures <number>", "stop when so many rows were not charged", countOption)
      .option("--dry-run", "check the file and add it up; send nothing")
      .option("--skip-invalid", "charge the other rows where some are wrong")
      .option("--ignore-unknown", "allow columns that mean nothing here")
      .addOption(
        new Option("--format <format>", "by default by the file's name or beginning").choices([
          "csv",
          "jsonl",
        ] as const),
      )
      .option("--delimiter <character>", "between the fields of CSV", delimiterOption, ",")
      .option("-y, --yes", "do not ask before real charges; needed where nobody can be asked")
      .addHelpText(
        "after",
        `
A row has idempotencyKey, description and amount; currencyCode and subscriptionLineItemId if you
like. It is charged once for its key, however often the command is run.

Ctrl-C finishes what is under way and stops; a second one ends at once. Run the same command again
to go on.
` +
          examples(
            ["usage-billing charge-file usage.csv --dry-run", "check a file"],
            ["usage-billing charge-file usage.csv --results usage.results.jsonl", "charge it"],
            [
              "usage-export | usage-billing charge-file - --yes > results.jsonl",
              "charge what another program writes",
            ],
          ),
      ),
  ).action((path, options) =>
    run(options, async () => {
      const source: RowSource = {
        path,
        format: options.format,
        delimiter: options.delimiter,
        stdin: terminal.stdin,
      };
      if (path === "-" && options.accessTokenStdin) {
        throw new CommandLineError("Standard input cannot be both the file and the access token");
      }
      const defaults: RowDefaults = {
        currencyCode: options.currency ?? NO_CURRENCY,
        subscriptionLineItemId: options.lineItem,
        isTest: options.live !== true,
        allowUnknown: options.ignoreUnknown === true,
      };
      const skipInvalid = options.skipInvalid === true;
      if (options.dryRun) {
        const check = await precheck(source, defaults, () => false);
        return tellCheck(check, path, options.currency, options.json === true, terminal);
      }
      const connection = await connect(options, terminal);
      const results = await openResults(options, connection, terminal);
      try {
        const check =
          path === "-"
            ? null
            : await precheck(source, defaults, (input) => results.wasCharged(input));
        if (check && check.problemCount > 0 && !skipInvalid) throw wrongRows(check, path);
        const currencyCode = await settle(
          connection,
          check,
          options,
          terminal,
          interruption.signal,
        );
        const job: Job = {
          source,
          defaults: { ...defaults, currencyCode },
          concurrency: options.concurrency,
          maxFailures: options.maxFailures ?? Infinity,
          total: check?.rows ?? null,
          results,
          resultsOnStdout: options.results === undefined && !terminal.out.isTerminal,
          json: options.json === true,
        };
        return await chargeAll(job, connection, terminal, interruption);
      } finally {
        await results.close();
        // A writer that never ends must not keep the process alive.
        if (path === "-") terminal.stdin.destroy();
      }
    }),
  );
}

interface FileOptions {
  readonly results?: string | undefined;
  readonly currency?: string | undefined;
  readonly lineItem?: string | undefined;
  readonly live?: true | undefined;
  readonly yes?: true | undefined;
  readonly json?: true | undefined;
}

function openResults(
  { results, json }: FileOptions,
  owner: Connection,
  { out }: Terminal,
): Promise<Results> | Results {
  if (results !== undefined) return resultsInFile(results, owner);
  // A person reads the progress and the summary; a pipe or a file gets the results.
  return streamedResults(out.isTerminal && !json ? null : out, owner);
}

function wrongRows({ problems, problemCount }: Precheck, path: string): CommandLineError {
  const more = problemCount - problems.length;
  return new CommandLineError(
    `${path} has ${problemCount} wrong row${problemCount === 1 ? "" : "s"}; nothing was charged`,
    ...problems.map(({ line, problem }) => `  line ${line}: ${printable(problem)}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    "Correct them, or give --skip-invalid to charge the others.",
  );
}

/** The amounts of rows without a currency, in the currency that they will be charged in. */
function inCurrency(sums: Sums, currencyCode: string): Sums {
  const settled = new Sums();
  for (const money of sums.all()) {
    settled.add(money.currencyCode === NO_CURRENCY ? { ...money, currencyCode } : money);
  }
  return settled;
}

/** Finds the currency, and asks before a merchant is really billed. */
async function settle(
  { billing, shop, isLocal }: Connection,
  check: Precheck | null,
  { currency, lineItem: id, live, yes }: FileOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<string> {
  const mustAsk = yes !== true && !isLocal;
  if (!mustAsk && currency !== undefined) return currency;
  const lineItem = await findLineItem(billing, { id, isTest: live !== true, shop }, signal);
  const currencyCode = currency ?? lineItem.cappedAmount.currencyCode;
  await warnOfCap(lineItem, check && inCurrency(check.sums, currencyCode), terminal);
  if (!mustAsk || lineItem.test) return currencyCode;
  if (check === null) {
    throw new CommandLineError(
      "This would bill a merchant, and standard input is taken by the charges",
      "Give --yes to charge without being asked. Nothing was charged.",
    );
  }
  const count = check.rows - check.charged - check.problemCount;
  if (count === 0) return currencyCode;
  const sums = inCurrency(check.sums, currencyCode);
  await confirm(
    `Charge ${count} row${count === 1 ? "" : "s"}, ${sums.text()} in all, to ${shop}? The merchant is billed.`,
    terminal,
  );
  return currencyCode;
}

/** Tells beforehand that not all of it will fit below the cap. */
async function warnOfCap(
  { balanceUsed, cappedAmount }: FoundLineItem,
  sums: Sums | null,
  terminal: Terminal,
): Promise<void> {
  const { currencyCode } = cappedAmount;
  const sum = sums?.all().find((money) => money.currencyCode === currencyCode);
  const remaining = Big(cappedAmount.amount).minus(balanceUsed.amount);
  if (!sum || !remaining.lt(sum.amount)) return;
  await terminal.warn(
    `${price(sum)} is more than the ${price({ amount: remaining.toFixed(), currencyCode })} left below the cap: ` +
      "what passes it will be refused.",
  );
}

async function tellCheck(
  check: Precheck,
  path: string,
  currency: string | undefined,
  json: boolean,
  { out }: Terminal,
): Promise<ExitCode> {
  const { rows, sums, problems, problemCount } = check;
  if (json) {
    await out.json({
      ok: problemCount === 0,
      rows,
      invalid: problemCount,
      problems,
      sums: sums.all(),
    });
  }
  if (problemCount > 0) throw wrongRows(check, path);
  if (!json) {
    const text = inCurrency(sums, currency ?? "in the currency of the cap").text();
    await out.line(`${path}: ${rows} rows, all well; ${text}. Nothing was sent.`);
  }
  return exitCodes.ok;
}

/** What is to be done with a file. */
interface Job {
  readonly source: RowSource;
  readonly defaults: RowDefaults;
  readonly concurrency: number;
  readonly maxFailures: number;
  /** How many rows there are; null where that is not known. */
  readonly total: number | null;
  readonly results: Results;
  readonly resultsOnStdout: boolean;
  readonly json: boolean;
}

/** Charges the rows of a file, and tells what became of them. */
async function chargeAll(
  job: Job,
  { billing }: Connection,
  terminal: Terminal,
  interruption: Interruption,
): Promise<ExitCode> {
  const { err } = terminal;
  const begun = performance.now();
  const tally = new Tally();
  const stop = new AbortController();
  const outcomes = billing.createUsageRecords(pending(), {
    concurrency: job.concurrency,
    signal: AbortSignal.any([interruption.signal, stop.signal]),
  });
  const progress = new Progress(err, tally, job.total);
  const lines = new WeakMap<RowInput, number>();
  const failures: unknown[] = [];
  let told = 0;

  const note = async (outcome: Outcome): Promise<void> => {
    tally.add(outcome);
    try {
      await job.results.write(outcome);
    } catch (error) {
      // Charges that nobody notes are not begun; those under way still count.
      if (failures.length === 0) failures.push(unwritten(error));
      stop.abort();
    }
    if (outcome.outcome !== "charged" && !job.resultsOnStdout) {
      told += 1;
      if (told <= TROUBLE_TOLD) await progress.line(troubleLine(outcome, terminal));
      if (told === TROUBLE_TOLD)
        await progress.line(err.colors.dim("… the summary counts the rest"));
    }
    if (tally.notCharged >= job.maxFailures) stop.abort();
  };

  async function* pending(): AsyncGenerator<RowInput> {
    for await (const row of readRows(job.source)) {
      const read = readRow(row, job.defaults);
      if (read.problem !== undefined) {
        const { idempotencyKey, problem: message } = read;
        await note({ line: row.line, idempotencyKey, outcome: "invalid", message });
      } else if (job.results.wasCharged(read.input)) {
        tally.skip();
      } else {
        lines.set(read.input, row.line);
        yield read.input;
      }
    }
  }

  interruption.onFirst(() => {
    void progress.line("Stopping: what is under way is finished first. Ctrl-C again ends at once.");
  });
  interruption.onSecond(() => {
    progress.stop();
    process.stderr.write(
      "Ended. What was under way may have been charged: run the same command again.\n",
    );
  });
  try {
    for await (const outcome of outcomes) {
      await note(outcomeOf(lines.get(outcome.input) ?? 0, outcome));
      if (endsTheRun(outcome) && !stop.signal.aborted) {
        await progress.line("Stopping: all other rows would meet the same.");
        stop.abort();
      }
    }
  } catch (error) {
    if (!(error instanceof AbortedError)) failures.push(error);
  } finally {
    progress.stop();
  }
  await tellSummary(job, tally, performance.now() - begun, terminal);
  return exitCodeOf(tally, failures, interruption);
}

function unwritten(error: unknown): CommandFailedError {
  const reason = error instanceof Error ? (error.cause ?? error) : error;
  return new CommandFailedError(
    `The results cannot be written: ${reason instanceof Error ? reason.message : String(reason)}`,
    exitCodes.unknown,
    "What was under way was finished. Run the same command again: no key is charged twice.",
  );
}

function troubleLine(
  { line, idempotencyKey, outcome, message, code }: Outcome,
  { err }: Terminal,
): string {
  const { colors } = err;
  const paint = outcome === "unknown" || outcome === "failed" ? colors.yellow : colors.red;
  const key = idempotencyKey === null ? "" : ` ${printable(idempotencyKey)}`;
  const why = printable(message ?? code ?? "");
  return `${colors.dim(`line ${line}`)}${key} ${paint(outcome)}: ${why}`;
}

async function tellSummary(
  { total, resultsOnStdout, json }: Job,
  tally: Tally,
  milliseconds: number,
  { out, err }: Terminal,
): Promise<void> {
  if (json) {
    await out.json({ summary: tally.facts(total, milliseconds) }).catch(() => undefined);
    return;
  }
  const output = resultsOnStdout ? err : out;
  await output.line(tally.text(total, milliseconds, output.colors)).catch(() => undefined);
  for (const code of tally.codes("refused")) {
    const advice = adviceOnRefusal(code);
    if (advice !== null) await err.line(`${code}: ${advice}`);
  }
}

function exitCodeOf(
  tally: Tally,
  failures: readonly unknown[],
  { exitCode }: Interruption,
): ExitCode {
  const worst = tally.exitCode(exitCode);
  if (failures.length === 0 || worst === exitCodes.unknown) return worst;
  throw failures[0];
}
