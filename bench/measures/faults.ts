import { fence } from "../markdown.js";
import type { Goal, Measure } from "../section.js";
import { printedBy } from "../shell.js";

const CLIENT = "npm run soak";
const LEDGER = "npm run soak:ledger";

/** Reads a row of the client's soak: of this package, and of a retry loop around Shopify's own library. */
function figuresOf(printed: string, title: string): readonly [ours: number, theirs: number] {
  const line = printed.split("\n").find((line) => line.includes(title)) ?? "";
  const [ours, theirs] = [...line.matchAll(/([\d,]+) *[│|]/g)].map(([, figure = ""]) =>
    Number(figure.replaceAll(",", "")),
  );
  if (ours === undefined || theirs === undefined) {
    throw new Error(`${CLIENT} printed no row ${title}:\n${printed}`);
  }
  return [ours, theirs];
}

function clientGoal(printed: string): Goal {
  const [lost, theirLost] = figuresOf(printed, "LOST");
  const [twice, theirTwice] = figuresOf(printed, "MADE TWICE");
  return {
    what: "doubles, losses under faults: client; a retry loop around shopify-api",
    goal: "0 and 0; shown",
    measured: `${twice} and ${lost}; ${theirTwice} and ${theirLost}`,
    met: twice === 0 && lost === 0,
    command: CLIENT,
  };
}

interface LedgerVerdict {
  readonly twice: number;
  readonly lost: number;
  readonly exact: boolean;
}

/** Reads the last line of the ledger's soak, which is JSON. */
function ledgerGoal(printed: string): Goal {
  const { twice, lost, exact }: LedgerVerdict = JSON.parse(printed.trim().split("\n").at(-1) ?? "");
  return {
    what: "doubles, losses under faults: ledger",
    goal: "0 and 0, exact",
    measured: `${twice} and ${lost}, ${exact ? "exact" : "not exact"}`,
    met: twice === 0 && lost === 0 && exact,
    command: LEDGER,
  };
}

/** Counts doubles and losses, by the soak programs of the client and of the ledger. */
export const faults: Measure = async ({ quick, say }) => {
  say("faults: running the client's soak");
  const clientOptions = quick ? ["--records", "2000"] : [];
  const client = await printedBy("bench/soak.ts", ...clientOptions);
  say("faults: running the ledger's soak");
  const ledgerOptions = quick ? ["--uses", "1000", "--shops", "5"] : [];
  const ledger = await printedBy("packages/ledger/soak/command.ts", ...ledgerOptions);
  return {
    title: "Faults",
    text: [
      `\`${[CLIENT, ...clientOptions].join(" ")}\` prints:`,
      fence(client),
      `\`${[LEDGER, ...ledgerOptions].join(" ")}\` prints:`,
      fence(ledger),
    ],
    goals: [clientGoal(client), ledgerGoal(ledger)],
  };
};
