import { cpus, totalmem } from "node:os";
import { format } from "prettier";
import { PEERS, OURS } from "./contenders.js";
import { fence, table } from "./markdown.js";
import type { PlannedMeasure } from "./measures.js";
import { root, versionOf } from "./repository.js";
import { run } from "./shell.js";
import type { Section } from "./section.js";

/** What a measure gave: its results, an error, or `null` if the run did not get there. */
export type Outcome = Section | Error | null;

type Row = readonly [what: string, goal: string, measured: string, verdict: string, by: string];

const FURTHER = ["graphql", "typescript", "esbuild"];

/** Describes the hardware and runtime, without naming the machine. */
function machine(): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? "";
  const memory = Math.round(totalmem() / 2 ** 30);
  return [
    `${processors.length} processors${model === "" || model === "unknown" ? "" : ` (${model})`}`,
    `${memory} GiB of memory`,
    `${process.platform} ${process.arch}`,
    `Node ${process.versions.node} with undici ${process.versions["undici"] ?? "unknown"}`,
  ].join(", ");
}

async function ownVersion(): Promise<string> {
  const described = await run(root, "git", "log", "-1", "--format=%h").catch(() => "");
  const changed = await run(root, "git", "status", "--porcelain", "src").catch(() => "");
  return `${described.trim()}${changed.trim() === "" ? "" : " with changes"}`;
}

async function versions(): Promise<string> {
  const others = [...PEERS, ...FURTHER].map(async (name) => `${name} ${await versionOf(name)}`);
  return [`${OURS} at ${await ownVersion()}`, ...(await Promise.all(others))].join(", ");
}

function verdictOn(met: boolean | null): string {
  if (met === null) return "not judged";
  return met ? "met" : "**missed**";
}

function rowsOf({ name, what }: PlannedMeasure, outcome: Outcome): Row[] {
  const alone = `npm run bench -- --only ${name}`;
  if (outcome === null) return [[what, "", "", "not measured", `\`${alone}\``]];
  if (outcome instanceof Error) return [[what, "", "", "**failed**", `\`${alone}\``]];
  return outcome.goals.map(({ what, goal, measured, met, command = alone }) => [
    what,
    goal,
    measured,
    verdictOn(met),
    `\`${command}\``,
  ]);
}

function sectionOf({ name }: PlannedMeasure, outcome: Outcome): string[] {
  if (outcome === null) return [];
  if (outcome instanceof Error) {
    return [`## ${name}: failed`, fence(outcome.stack ?? outcome.message)];
  }
  return [`## ${outcome.title}`, ...outcome.text];
}

/** Formats all results as Markdown. */
export async function report(
  outcomes: ReadonlyMap<PlannedMeasure, Outcome>,
  command: string,
  quick: boolean,
): Promise<string> {
  const measures = [...outcomes];
  const unfinished = measures.some(([, outcome]) => outcome === null);
  const parts = [
    "# Side by side",
    [
      `Written by \`${command}\` on ${new Date().toISOString().slice(0, 10)}.`,
      quick ? "**Quick mode: a first look, not a result.**" : "",
      unfinished ? "**Unfinished: not all measures have run.**" : "",
    ].join(" "),
    table(
      ["what", "goal", "measured", "", "measured alone by"],
      measures.flatMap(([measure, outcome]) => rowsOf(measure, outcome)),
    ),
    "Figures are medians, with the quartiles of the rounds in brackets. " +
      "[README.md](README.md) explains how each is measured, and why a goal is missed.",
    `- Compared: ${await versions()}\n- Machine: ${machine()}`,
    ...measures.flatMap(([measure, outcome]) => sectionOf(measure, outcome)),
  ];
  return format(parts.join("\n\n"), { parser: "markdown", printWidth: 100 });
}
