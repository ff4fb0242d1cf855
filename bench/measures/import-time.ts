import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { OURS, PEERS } from "../contenders.js";
import { figure, spread, table } from "../markdown.js";
import type { Measure } from "../section.js";
import { run } from "../shell.js";
import { spreadOf, type Spread } from "../statistics.js";

const ROUNDS = 41;
const EMPTY = "nothing";

/** Prints the process's uptime and CPU time once everything is imported, in milliseconds. */
const END = `
const wall = performance.now();
const { user, system } = process.cpuUsage();
process.stdout.write(JSON.stringify({ wall, cpu: (user + system) / 1000 }));
`;

interface Sample {
  readonly wall: number[];
  readonly cpu: number[];
}

/** Returns how much longer a sample's rounds took than those of the empty process. */
function over(sample: readonly number[], empty: readonly number[]): Spread {
  const { median } = spreadOf(empty);
  return spreadOf(sample.map((each) => each - median));
}

/** Measures how long it takes to import each library, in fresh processes. */
export const importTime: Measure = async ({ workbench, quick, say }) => {
  const rounds = quick ? 9 : ROUNDS;
  const app = await workbench.app();
  const names = [EMPTY, OURS, ...PEERS];
  const samples = new Map<string, Sample>();
  for (const [index, name] of names.entries()) {
    samples.set(name, { wall: [], cpu: [] });
    const code = name === EMPTY ? END : `import ${JSON.stringify(name)};${END}`;
    await writeFile(join(app, `import-${index}.mjs`), code);
  }
  const order = [...names.entries()];
  for (let round = 1; round <= rounds; round += 1) {
    say(`import: round ${round} of ${rounds}`);
    for (const [index, name] of order) {
      const printed = await run(app, process.execPath, `import-${index}.mjs`);
      const { wall, cpu }: { wall: number; cpu: number } = JSON.parse(printed);
      samples.get(name)?.wall.push(wall);
      samples.get(name)?.cpu.push(cpu);
    }
    order.push(...order.splice(0, 1));
  }
  const empty = samples.get(EMPTY) ?? { wall: [], cpu: [] };
  const overEmpty = new Map(
    [...samples].map(([name, { wall, cpu }]) => [
      name,
      { wall: over(wall, empty.wall), cpu: over(cpu, empty.cpu) },
    ]),
  );
  const ours = overEmpty.get(OURS)?.wall.median ?? Number.NaN;
  const theirs = overEmpty.get("@shopify/admin-api-client")?.wall.median ?? Number.NaN;
  return {
    title: "Import",
    text: [
      `Milliseconds until a fresh process has imported a library's main entry, over one that imports nothing, ${rounds} processes of each in turn. ` +
        `The one that imports nothing takes ${spread(spreadOf(empty.wall), 1)} ms, and ${spread(spreadOf(empty.cpu), 1)} ms of CPU.`,
      table(
        ["imports", "ms", "CPU, ms"],
        [...overEmpty]
          .filter(([name]) => name !== EMPTY)
          .map(([name, { wall, cpu }]) => [name, spread(wall, 1), spread(cpu, 1)]),
      ),
    ],
    goals: [
      {
        what: "import of the main entry, over an empty process",
        goal: "at most that of @shopify/admin-api-client",
        measured: `${figure(ours, 1)} ms; ${figure(theirs, 1)} ms`,
        met: ours <= theirs,
      },
    ],
  };
};
