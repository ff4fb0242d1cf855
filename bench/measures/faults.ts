import { join } from "node:path";
import { root } from "../repository.js";
import type { Goal, Measure } from "../section.js";
import { run } from "../shell.js";

const TSX = join(root, "node_modules/.bin/tsx");

/** Two figures of the soak program's summary: ours, and that of a retry loop around Shopify's own library. */
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

function fenced(command: string, printed: string): string {
  return [`\`${command}\` prints:`, ["```", printed.trim(), "```"].join("\n")].join("\n\n");
}

function goalOf(printed: string): Goal {
  const goal = { what: "doubles, losses under faults: client; a retry loop around shopify-api" };
  const lost = row(printed, "LOST");
  const twice = row(printed, "MADE TWICE");
  if (!lost || !twice) return { ...goal, goal: "0 and 0; shown", measured: "not found", met: null };
  return {
    ...goal,
    goal: "0 and 0; shown",
    measured: `${twice[0]} and ${lost[0]}; ${twice[1]} and ${lost[1]}`,
    met: twice[0] === 0 && lost[0] === 0,
  };
}

interface LedgerVerdict {
  readonly twice: number;
  readonly lost: number;
  readonly exact: boolean;
}

function ledgerGoal(printed: string): Goal {
  const { twice, lost, exact }: LedgerVerdict = JSON.parse(printed.trim().split("\n").at(-1) ?? "");
  return {
    what: "doubles, losses under faults: ledger",
    goal: "0 and 0, exact",
    measured: `${twice} and ${lost}, ${exact ? "exact" : "not exact"}`,
    met: twice === 0 && lost === 0 && exact,
  };
}

/** Doubles and losses, by the soak programs of the client and of the ledger. */
export const faults: Measure = async ({ quick, say }) => {
  say("faults: running the client's soak");
  const clientOptions = quick ? ["--records", "2000"] : [];
  const client = await run(root, TSX, "bench/soak.ts", ...clientOptions);
  say("faults: running the ledger's soak");
  const ledgerOptions = quick ? ["--uses", "1000", "--shops", "5"] : [];
  const ledger = await run(root, TSX, "packages/ledger/soak/command.ts", ...ledgerOptions);
  return {
    title: "Faults",
    text: [
      fenced(["npm run soak", ...clientOptions].join(" "), client),
      fenced(["npm run soak:ledger", ...ledgerOptions].join(" "), ledger),
    ],
    goals: [goalOf(client), ledgerGoal(ledger)],
  };
};
