import { access } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../repository.js";
import type { Measure } from "../section.js";
import { run } from "../shell.js";

const PROGRAM = join(root, "bench/soak.ts");

/** Two figures of the soak program's summary: ours, and those of a retry loop around Shopify's own library. */
function row(printed: string, title: string): readonly [ours: number, theirs: number] | null {
  const cells = printed
    .split("\n")
    .find((line) => line.includes(title))
    ?.match(/[\d,]+(?= *[│|])/g);
  const [ours = Number.NaN, theirs = Number.NaN] = (cells ?? []).map((cell) =>
    Number(cell.replaceAll(",", "")),
  );
  return Number.isNaN(ours + theirs) ? null : [ours, theirs];
}

/** Doubles and losses of charges, by the soak program beside this benchmark. */
export const faults: Measure = async ({ quick, say }) => {
  const goal = { what: "doubles and losses under faults", goal: "0 and 0" };
  const exists = await access(PROGRAM).then(
    () => true,
    () => false,
  );
  if (!exists) {
    return {
      title: "Faults",
      text: ["There is no soak program beside this benchmark."],
      goals: [{ ...goal, measured: "not measured", met: null }],
    };
  }
  say("faults: running the soak program");
  const options = quick ? ["--records", "2000"] : [];
  const printed = await run(root, join(root, "node_modules/.bin/tsx"), PROGRAM, ...options);
  const lost = row(printed, "LOST");
  const twice = row(printed, "MADE TWICE");
  return {
    title: "Faults",
    text: [
      ["`npm run soak", ...options].join(" ") + "` prints:",
      ["```", printed.trim(), "```"].join("\n"),
    ],
    goals: [
      lost && twice
        ? {
            ...goal,
            measured: `${twice[0]} and ${lost[0]}; @shopify/shopify-api in a retry loop ${twice[1]} and ${lost[1]}`,
            met: twice[0] === 0 && lost[0] === 0,
          }
        : { ...goal, measured: "not told", met: null },
    ],
  };
};
