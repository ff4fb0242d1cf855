import { CannedApi } from "../canned-api.js";
import { OURS } from "../contenders.js";
import { figure, table } from "../markdown.js";
import { compile } from "../programs.js";
import type { Measure } from "../section.js";
import { spreadOf } from "../statistics.js";
import { Worker } from "../worker.js";

const CLIENTS = 10_000;
const ROUNDS = 3;

const HOLDERS: readonly (readonly [name: string, title: string])[] = [
  [OURS, "**shopify-usage-billing**"],
  ["urql", "@urql/core, a bare `Client`"],
  ["admin-api-client", "@shopify/admin-api-client"],
  ["shopify-api", "@shopify/shopify-api, a session"],
  ["graphql-request", "graphql-request"],
];

/** Measures the memory of thousands of clients, one for each shop. */
export const clientHeap: Measure = async ({ workbench, quick, say }) => {
  const rounds = quick ? 1 : ROUNDS;
  const app = await workbench.app();
  const programs = await compile(app, ["server", ...HOLDERS.map(([name]) => `contenders/${name}`)]);
  const fileOf = (program: string): string => programs.get(program) ?? program;
  const api = await CannedApi.start(fileOf("server"));
  try {
    const found: { name: string; title: string; made: number; called: number }[] = [];
    for (const [name, title] of HOLDERS) {
      const made: number[] = [];
      const called: number[] = [];
      for (let round = 1; round <= rounds; round += 1) {
        say(`heap: ${name}, process ${round} of ${rounds}`);
        const worker = await Worker.start(name, fileOf(`contenders/${name}`), [api.endpoint]);
        try {
          const bytes = await worker.ask("hold", { clients: CLIENTS }, ["made", "called"]);
          made.push(bytes.made);
          called.push(bytes.called);
        } finally {
          await worker.stop();
        }
      }
      const medians = { made: spreadOf(made).median, called: spreadOf(called).median };
      found.push({ name, title, ...medians });
    }
    const ours = found.find(({ name }) => name === OURS)?.called ?? Number.NaN;
    return {
      title: "Heap",
      text: [
        `Heap in use per client when ${CLIENTS} clients for as many shops are held, made and after the first call of each; ${rounds === 1 ? "one process" : `median of ${rounds} processes`}, in kB of 1,000 bytes:`,
        table(
          ["client", "made", "after its first call"],
          found.map(({ title, made, called }) => [
            title,
            figure(made / 1_000, 2),
            figure(called / 1_000, 2),
          ]),
        ),
      ],
      goals: [
        {
          what: `heap per client after its first call, at ${CLIENTS} clients`,
          goal: "at most 14 kB",
          measured: `${figure(ours / 1_000, 2)} kB`,
          met: ours <= 14_000,
        },
      ],
    };
  } finally {
    await api.stop();
  }
};
