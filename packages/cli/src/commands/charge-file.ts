import { Argument, Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { Big } from "big.js";
import type { RowDefaults } from "../charges/charge-row.js";
import { Columns, FIELDS, fieldNamed, type Field } from "../charges/columns.js";
import { checkUnchanged, precheck, type Precheck } from "../charges/precheck.js";
import { checkNotInput, resultsInFile, streamedResults, type Results } from "../charges/results.js";
import { firstColumns, nameOf, type RowSource } from "../charges/rows.js";
import { chargeAll } from "../charges/run.js";
import { Sums } from "../charges/sums.js";
import type { CommandContext } from "../command-context.js";
import { connect, type Connection } from "../connection/connection.js";
import { countOption, numberOption, withConnection } from "../connection/connection-options.js";
import { findLineItem, type FoundLineItem } from "../connection/line-item.js";
import { examples } from "../examples.js";
import { CommandLineError } from "../failure/command-line-error.js";
import { exitCodes, type ExitCode } from "../failure/exit-code.js";
import { price } from "../output/price.js";
import { printable } from "../output/printable.js";
import { Status } from "../output/status.js";
import type { Terminal } from "../output/terminal.js";
import { confirm } from "../prompt/confirmation.js";

/** ISO 4217's code for no currency, until the cap's is known. */
const NO_CURRENCY = "XXX";

function delimiterOption(text: string): string {
  if (text === "tab" || text === "\\t") return "\t";
  if (text.length === 1) return text;
  throw new InvalidArgumentError('Expected one character, or "tab".');
}

function mapOption(
  text: string,
  before: ReadonlyMap<string, Field> | undefined,
): ReadonlyMap<string, Field> {
  const at = text.lastIndexOf("=");
  const column = text.slice(0, Math.max(0, at));
  const field = fieldNamed(text.slice(at + 1));
  if (column !== "" && field !== null) return new Map([...(before ?? []), [column, field]]);
  throw new InvalidArgumentError(`Expected COLUMN=FIELD, with one of ${FIELDS.join(", ")}.`);
}

/** `usage-billing charge-file` */
export function chargeFileCommand(context: CommandContext): Command<[string]> {
  const { terminal, interruption, run } = context;
  return withConnection(
    new Command("charge-file")
      .description("Charge the merchant for every row of a file, once each.")
      .addArgument(
        new Argument(
          "<file>",
          "CSV with a header, or one JSON object per line; - for standard input",
        ),
      )
      .option(
        "--results <file>",
        "write the outcome of each row to this file; continues an existing one",
      )
      .option(
        "--map <column=field>",
        "use a column as a field, such as id=idempotencyKey; can be repeated",
        mapOption,
      )
      .option("--currency <code>", "the currency of rows without one (default: that of the cap)")
      .option("--line-item <id>", "the subscription line item to charge (default: the active one)")
      .option("--live", "never charge a test subscription")
      .option("--concurrency <number>", "charges under way at a time", numberOption, 10)
      .option("--max-failures <number>", "stop once this many rows were not charged", countOption)
      .option("--dry-run", "check the file and add it up; send nothing")
      .option("--skip-invalid", "charge the valid rows even if others are invalid")
      .option("--ignore-unknown", "allow columns that are not a field of a charge")
      .addOption(
        new Option(
          "--format <format>",
          "the file's format (default: determined by its name or content)",
        ).choices(["csv", "jsonl"] as const),
      )
      .option("--delimiter <character>", "the separator of CSV fields", delimiterOption, ",")
      .option("-y, --yes", "charge for real without asking; required without a terminal")
      .addHelpText(
        "after",
        `
A row has idempotencyKey, description and amount, and can have currencyCode and
subscriptionLineItemId. It is charged once for its key, however often the command runs.

Ctrl-C finishes the charges under way and stops; a second one stops at once. Run the same
command again to continue.
` +
          examples(
            ["check a file", "charge-file usage.csv --dry-run"],
            ["charge it", "charge-file usage.csv --results usage.results.jsonl"],
            [
              "use the file's own column as the key",
              "charge-file usage.csv --map id=idempotencyKey",
            ],
            [
              "charge what another program writes",
              "usage-export | $ charge-file - --yes > results.jsonl",
            ],
          ),
      ),
  ).action((path, options) =>
    run(options, async () => {
      const { signal } = interruption;
      const source: RowSource = {
        path,
        format: options.format,
        delimiter: options.delimiter,
        stdin: terminal.stdin,
      };
      if (path === "-" && options.accessTokenStdin) {
        throw new CommandLineError("Standard input cannot be both the file and the access token");
      }
      const checking: RowDefaults = {
        columns: new Columns(options.map ?? new Map(), options.ignoreUnknown === true),
        currencyCode: options.currency ?? NO_CURRENCY,
        subscriptionLineItemId: options.lineItem,
        isTest: options.live !== true,
      };
      if (options.dryRun) {
        const { check } = await checkFile(source, checking, null, terminal);
        return await reportCheck(check, source, options.currency, options.json === true, terminal);
      }
      await checkNotInput(options.results, path);
      const connection = await connect(options, terminal, signal);
      const results = await openResults(options, connection, terminal);
      try {
        const { check, defaults } =
          path === "-"
            ? { check: null, defaults: checking }
            : await checkFile(source, checking, results, terminal);
        if (check && check.problemCount > 0 && !options.skipInvalid) throw wrongRows(check, path);
        const currencyCode = await settle(connection, check, options, terminal, signal);
        if (check) await checkUnchanged(source, check);
        const job = {
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
        // Input that never ends must not keep the process alive.
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
  // A terminal shows progress and a summary; a pipe or a file gets the results.
  return streamedResults(out.isTerminal && !json ? null : out, owner);
}

/** Checks a whole file. If no column is the key, tries the one that looks like a key. */
async function checkFile(
  source: RowSource,
  defaults: RowDefaults,
  results: Results | null,
  terminal: Terminal,
): Promise<{ readonly check: Precheck; readonly defaults: RowDefaults }> {
  let rows = 0;
  const status = new Status(terminal.err, () => `Checking ${source.path}: ${rows} rows`);
  const read = (defaults: RowDefaults): Promise<Precheck> =>
    precheck(
      source,
      defaults,
      (input) => results?.wasCharged(input) ?? false,
      (count) => {
        rows = count;
      },
    );
  try {
    const candidate =
      source.path === "-" ? null : defaults.columns.keyCandidate(await firstColumns(source));
    if (candidate === null) return { check: await read(defaults), defaults };
    const guessed = { ...defaults, columns: defaults.columns.with(candidate, "idempotencyKey") };
    const check = await read(guessed);
    const map = `--map ${candidate}=idempotencyKey`;
    // Values that repeat, or are row numbers, do not identify a charge: another charge may have the same.
    if (check.hasRepeats || check.hasRowNumbers || check.problemCount > 0) {
      throw new CommandLineError(
        `${source.path} has no idempotencyKey, and "${candidate}" may not be one: ` +
          (check.hasRepeats
            ? "its values repeat"
            : check.hasRowNumbers
              ? "its values may be row numbers"
              : "rows are invalid with it"),
        `If every charge has its own "${candidate}", and no other charge will ever have the same, give ${map}.`,
      );
    }
    await status.line(
      `Using column "${printable(candidate)}" as idempotencyKey, as ${printable(map)} would: its values are unique.`,
    );
    return { check, defaults: guessed };
  } finally {
    status.stop();
  }
}

function wrongRows({ problems, problemCount }: Precheck, path: string): CommandLineError {
  const more = problemCount - problems.length;
  return new CommandLineError(
    `${path} has ${problemCount} invalid row${problemCount === 1 ? "" : "s"}. Nothing was charged`,
    ...problems.map(({ line, problem }) => `  line ${line}: ${printable(problem)}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    "Correct them, or give --skip-invalid to charge only the valid rows.",
  );
}

/** Returns the sums, with the given currency for rows without one. */
function inCurrency(sums: Sums, currencyCode: string): Sums {
  const settled = new Sums();
  for (const money of sums.all()) {
    settled.add(money.currencyCode === NO_CURRENCY ? { ...money, currencyCode } : money);
  }
  return settled;
}

/** Finds the currency, and asks before a merchant is billed for real. */
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
      "This would bill a merchant, and standard input contains the charges, so it cannot be confirmed. Nothing was charged",
      "Give --yes to charge without confirmation.",
    );
  }
  const count = check.rows - check.charged - check.problemCount;
  if (count === 0) return currencyCode;
  const sums = inCurrency(check.sums, currencyCode);
  await confirm(
    `Charge ${count} row${count === 1 ? "" : "s"}, ${sums.text()} in all, to ${printable(shop)}? The merchant will be billed.`,
    terminal,
    signal,
  );
  return currencyCode;
}

/** Warns if the sum exceeds what is left below the cap. */
async function warnOfCap(
  { balanceUsed, cappedAmount }: FoundLineItem,
  sums: Sums | null,
  terminal: Terminal,
): Promise<void> {
  const { currencyCode } = cappedAmount;
  const sum = sums?.all().find((money) => money.currencyCode === currencyCode);
  const remaining = Big(cappedAmount.amount).minus(balanceUsed.amount);
  if (!sum || remaining.gte(sum.amount)) return;
  await terminal.warn(
    `${price(sum)} is more than the ${price({ amount: remaining.toFixed(), currencyCode })} left below the cap: ` +
      "Shopify will refuse what exceeds it.",
  );
}

async function reportCheck(
  check: Precheck,
  source: RowSource,
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
    if (problemCount > 0) return exitCodes.usage;
  }
  if (problemCount > 0) throw wrongRows(check, nameOf(source));
  if (!json) {
    const text = inCurrency(sums, currency ?? "in the currency of the cap").text();
    await out.line(
      `${printable(nameOf(source))}: ${rows} row${rows === 1 ? "" : "s"}, all valid; ${text}. Nothing was sent.`,
    );
  }
  return exitCodes.ok;
}
