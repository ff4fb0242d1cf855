import { join } from "node:path";
import { root } from "../repository.js";
import type { Goal, Measure } from "../section.js";
import { run } from "../shell.js";

/** The share of the restore rate and of throttled answers in a row of the pacing program's table. */
function shares(printed: string, title: string): readonly [used: number, throttled: number] {
  const line = printed.split("\n").find((line) => line.includes(`│ ${title} `)) ?? "";
  const [used = Number.NaN, throttled = Number.NaN] = [...line.matchAll(/([\d.]+) %/g)].map(
    ([, percent]) => Number(percent),
  );
  return [used, throttled];
}

function goalOf(printed: string, title: string, least: number): Goal {
  const [used, throttled] = shares(printed, title);
  return {
    what: `share of the restore rate, throttled answers: ${title}`,
    goal: `at least ${least} %, at most 1 %`,
    measured: `${used} %, ${throttled} %`,
    met: used >= least && throttled <= 1,
  };
}

/** How much of a shop's restore rate a backlog uses, by the pacing program. */
export const pacing: Measure = async ({ quick, say }) => {
  say("pacing: running the pacing program");
  const options = quick ? ["--charges", "800"] : [];
  const tsx = join(root, "node_modules/.bin/tsx");
  // It exits with 1 if a backlog falls short, which the table says as well.
  const printed = await run(root, "sh", "-c", `"${tsx}" bench/pacing.ts ${options.join(" ")} || :`);
  return {
    title: "Pacing",
    text: [
      `\`${["npm run bench:pacing", ...options].join(" ")}\` prints:`,
      ["```", printed.trim(), "```"].join("\n"),
    ],
    goals: [
      goalOf(printed, "one process", 99),
      goalOf(printed, "four processes on a bucket of half the size", 97),
    ],
  };
};
