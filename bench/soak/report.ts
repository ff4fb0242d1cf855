import Table from "cli-table3";
import type { Verdict } from "./verdict.js";

/** A contender's verdict, and how long its run took. */
export interface Entry {
  readonly name: string;
  readonly verdict: Verdict;
  readonly seconds: number;
}

function grouped(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 1 });
}

/** Lists the requests of each fault, and their charges: the app never saw a proper response to them. */
function faultTable(entries: readonly Entry[]): string {
  const table = new Table({
    head: [
      "fault",
      ...entries.flatMap(({ name }) => [`${name}:\nrequests`, "charges\nmade", "then made\nagain"]),
    ],
    colAligns: ["left", ...entries.flatMap(() => ["right", "right", "right"] as const)],
    style: { head: [], border: [], compact: true },
  });
  for (const [index, { fault }] of (entries[0]?.verdict.faults ?? []).entries()) {
    const cells = entries.flatMap(({ verdict }) => {
      const { requests = 0, made = 0, again = 0 } = verdict.faults[index] ?? {};
      return [grouped(requests), grouped(made), grouped(again)];
    });
    table.push([fault, ...cells]);
  }
  return table.toString();
}

const ROWS: readonly (readonly [string, (entry: Entry) => string | number])[] = [
  ["charges planned", ({ verdict }) => verdict.planned],
  ["  of these settled by the client", ({ verdict }) => verdict.settled],
  ["  of these made, by the ledger", ({ verdict }) => verdict.made],
  ["LOST", ({ verdict }) => verdict.lost.length],
  ["MADE TWICE OR MORE OFTEN (extra records)", ({ verdict }) => verdict.twice],
  ["  dollars charged too much", ({ verdict }) => verdict.overcharged],
  ["MADE BY A CALL THAT SAID notApplied", ({ verdict }) => verdict.notAppliedButApplied],
  ["made although refused for the cap", ({ verdict }) => verdict.madeAboveCap],
  ["record that is not the ledger's", ({ verdict }) => verdict.wrongRecord],
  ["errors without a type", ({ verdict }) => verdict.untyped],
  ["token sent after a redirect", ({ verdict }) => verdict.tokensAstray],
  ["calls", ({ verdict }) => verdict.calls],
  ["  that ended as unknown", ({ verdict }) => verdict.unknown.calls],
  ["    and had charged", ({ verdict }) => verdict.unknown.hadCharged],
  ["charges with an unknown call", ({ verdict }) => verdict.unknown.charges],
  ["  settled by calling again", ({ verdict }) => verdict.unknown.settledByCalling],
  ["  settled by looking", ({ verdict }) => verdict.unknown.settledByLooking],
  ["  not found, then called again", ({ verdict }) => verdict.unknown.lookedInVain],
  ["seconds", ({ seconds }) => seconds],
];

function summaryTable(entries: readonly Entry[]): string {
  const table = new Table({
    head: ["", ...entries.map(({ name }) => name)],
    colAligns: ["left", ...entries.map(() => "right" as const)],
    style: { head: [], border: [], compact: true },
  });
  for (const [title, value] of ROWS) {
    const cells = entries.map((entry) => {
      const shown = value(entry);
      return typeof shown === "number" ? grouped(shown) : shown;
    });
    table.push([title, ...cells]);
  }
  return table.toString();
}

function reasonsOf({ name, verdict }: Entry): string {
  const reasons = [...verdict.reasons].sort(([, a], [, b]) => b - a);
  return `How calls of ${name} ended that did not charge: ${reasons
    .map(([reason, times]) => `${reason} ${grouped(times)}`)
    .join(", ")}.`;
}

/** Formats all results of a run. */
export function printReport(entries: readonly Entry[]): string {
  const [ours] = entries;
  return [
    faultTable(entries),
    "",
    summaryTable(entries),
    "",
    ...(ours ? [reasonsOf(ours)] : []),
  ].join("\n");
}
