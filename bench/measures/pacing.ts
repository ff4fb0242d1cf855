import { fence } from "../markdown.js";
import type { Goal, Measure } from "../section.js";
import { printedBy } from "../shell.js";

const COMMAND = "npm run bench:pacing";

/** Reads the share of the restore rate, and of throttled answers, in a row of the program's table. */
function shares(printed: string, title: string): readonly [used: number, throttled: number] {
  const line = printed.split("\n").find((line) => line.includes(`│ ${title} `)) ?? "";
  const [used, throttled] = [...line.matchAll(/([\d.]+) %/g)].map(([, percent]) => Number(percent));
  if (used === undefined || throttled === undefined) {
    throw new Error(`${COMMAND} printed no row for ${title}:\n${printed}`);
  }
  return [used, throttled];
}

function goalOf(printed: string, title: string, least: number): Goal {
  const [used, throttled] = shares(printed, title);
  return {
    what: `share of the restore rate, throttled answers: ${title}`,
    goal: `at least ${least} %, at most 1 %`,
    measured: `${used} %, ${throttled} %`,
    met: used >= least && throttled <= 1,
    command: COMMAND,
  };
}

/** Measures how much of a shop's restore rate a backlog uses, by the pacing program. */
export const pacing: Measure = async ({ quick, say }) => {
  say("pacing: running the pacing program");
  const options = quick ? ["--charges", "800"] : [];
  const printed = await printedBy("bench/pacing.ts", ...options);
  return {
    title: "Pacing",
    text: [`\`${[COMMAND, ...options].join(" ")}\` prints:`, fence(printed)],
    goals: [
      goalOf(printed, "one process", 99),
      goalOf(printed, "four processes on a bucket of half the size", 97),
    ],
  };
};
