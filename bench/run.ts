/** Measures this package and its peers side by side, and writes `RESULTS.md`. */
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Command, Option } from "commander";
import { buildIfStale } from "./build.js";
import { abortedCalls } from "./measures/aborted-calls.js";
import { bundleSizes } from "./measures/bundle-size.js";
import { calls } from "./measures/calls.js";
import { clientHeap } from "./measures/client-heap.js";
import { faults } from "./measures/faults.js";
import { importTime } from "./measures/import-time.js";
import { installedSize } from "./measures/installed-size.js";
import { ledger } from "./measures/ledger.js";
import { pacing } from "./measures/pacing.js";
import { points } from "./measures/points.js";
import { reading } from "./measures/reading.js";
import { typeCost } from "./measures/type-cost.js";
import { report } from "./report.js";
import type { Measure, Section } from "./section.js";
import { Workbench } from "./workbench.js";

/** In the order of the report. */
const MEASURES: Readonly<Record<string, Measure>> = {
  calls,
  points,
  ledger,
  pacing,
  aborts: abortedCalls,
  reading,
  import: importTime,
  bundle: bundleSizes,
  installation: installedSize,
  heap: clientHeap,
  types: typeCost,
  faults,
};

interface Options {
  readonly quick?: true;
  readonly only?: readonly string[];
  readonly profile?: string;
}

const program = new Command("npm run bench --")
  .description(
    "Measures shopify-usage-billing and its peers side by side. Builds the package if its sources " +
      "changed, installs it and the peers in a temporary folder (from the npm registry; all other " +
      "traffic is loopback), and writes bench/RESULTS.md. A part, or a quick run, is printed instead. " +
      "Run it on a machine that has nothing else to do: it takes about a quarter of an hour.",
  )
  .option("--quick", "a fraction of the work, for a first look")
  .addOption(new Option("--only <names...>", "some of the measures").choices(Object.keys(MEASURES)))
  .option("--profile <folder>", "write a processor profile of each contender of `calls`")
  .parse();

// Progress goes to standard error; on a terminal, each line takes the place of the one before.
const started = performance.now();
function say(line: string): void {
  const seconds = `${Math.round((performance.now() - started) / 1_000)} s`.padStart(6);
  const replace = process.stderr.isTTY ? "\r\u001B[K" : "";
  process.stderr.write(`${replace}${seconds}  ${line}${process.stderr.isTTY ? "" : "\n"}`);
}

const { quick = false, only, profile } = program.opts<Options>();
const profiles = profile === undefined ? null : resolve(profile);
if (profiles !== null) await mkdir(profiles, { recursive: true });

const workbench = await Workbench.create();
const interrupt = (): void => {
  workbench.remove();
  process.exit(130);
};
process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
try {
  await buildIfStale(say);
  const sections: Section[] = [];
  for (const [name, measure] of Object.entries(MEASURES)) {
    if (only && !only.includes(name)) continue;
    say(`${name}: beginning`);
    sections.push(await measure({ workbench, quick, profiles, say }));
  }
  const command = ["npm run bench", ...process.argv.slice(2)].join(" ");
  const text = await report(sections, command, quick);
  say("done\n");
  if (quick || only) {
    process.stdout.write(text);
  } else {
    await writeFile(join(import.meta.dirname, "RESULTS.md"), text);
    process.stderr.write("Wrote bench/RESULTS.md\n");
  }
} finally {
  workbench.remove();
}
