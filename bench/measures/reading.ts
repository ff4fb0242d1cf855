import { CannedApi } from "../canned-api.js";
import { figure, spread, table } from "../markdown.js";
import { compile } from "../programs.js";
import type { Measure } from "../section.js";
import { ratioOf, spreadOf } from "../statistics.js";
import { Worker } from "../worker.js";

const RECORDS = 100_000;
const ROUNDS = 9;
const LOOP = "bare-loop";
const OURS = "shopify-usage-billing";

const READERS: readonly (readonly [name: string, title: string])[] = [
  [LOOP, "a bare `fetch` loop, the limit"],
  [OURS, "**shopify-usage-billing**, record by record"],
  ["shopify-usage-billing-pages", "**shopify-usage-billing**, page by page"],
];

interface Sample {
  readonly worker: Worker;
  readonly wall: number[];
  readonly cpu: number[];
  requests: number;
  /** Bytes at the middle record, and at the last. */
  readonly heap: number[];
}

/** Measures reading a long connection, against a bare loop over the same pages. */
export const reading: Measure = async ({ workbench, quick, say }) => {
  const records = quick ? RECORDS / 5 : RECORDS;
  const rounds = quick ? 5 : ROUNDS;
  const app = await workbench.app();
  const programs = await compile(app, ["server", ...READERS.map(([name]) => `readers/${name}`)]);
  const fileOf = (program: string): string => programs.get(program) ?? program;
  const api = await CannedApi.start(fileOf("server"));
  const samples = new Map<string, Sample>();
  try {
    for (const [name] of READERS) {
      const worker = await Worker.start(name, fileOf(`readers/${name}`), [api.endpoint]);
      samples.set(name, { worker, wall: [], cpu: [], requests: 0, heap: [] });
    }
    const order = [...samples.values()];
    say("reading: warming up");
    for (const { worker } of order) await worker.ask("read", { records }, []);
    for (let round = 1; round <= rounds; round += 1) {
      say(`reading: round ${round} of ${rounds}`);
      for (const sample of order) {
        await api.requests();
        const { wall, cpu } = await sample.worker.ask("read", { records }, ["wall", "cpu"]);
        sample.requests = await api.requests();
        sample.wall.push(wall);
        sample.cpu.push(cpu);
      }
      order.push(...order.splice(0, 1));
    }
    say("reading: heap");
    const moments = [records / 2, records];
    for (const { worker, heap } of order) {
      for (const at of moments) {
        const { bytes } = await worker.ask("heap", { records, at }, ["bytes"]);
        heap.push(bytes);
      }
    }
    const limit = samples.get(LOOP);
    const ours = samples.get(OURS);
    if (!limit || !ours) throw new Error("A reader was not measured");
    const ratio = ratioOf(ours.wall, limit.wall).median;
    const [early = Number.NaN, late = Number.NaN] = ours.heap;
    return {
      title: "Reading",
      text: [
        `${records} usage records in pages of 250, ${rounds} rounds of each in turn. Ratios are taken round by round. ` +
          "Heap is what is in use above the start after a collection, while the middle and the last record are looked at.",
        table(
          [
            "reads",
            "ms",
            "over the loop",
            "CPU, ms",
            "CPU over the loop",
            "requests",
            `heap at ${records / 2}, MB`,
            `heap at ${records}, MB`,
          ],
          READERS.map(([name, title]) => {
            const { wall = [], cpu = [], requests = 0, heap = [] } = samples.get(name) ?? {};
            const [early = Number.NaN, late = Number.NaN] = heap;
            return [
              title,
              spread(spreadOf(wall), 0),
              spread(ratioOf(wall, limit.wall), 3),
              spread(spreadOf(cpu), 0),
              spread(ratioOf(cpu, limit.cpu), 3),
              requests,
              figure(early / 1e6, 2),
              figure(late / 1e6, 2),
            ];
          }),
        ),
      ],
      goals: [
        {
          what: `reading ${records} records, against a bare \`fetch\` loop over the same pages`,
          goal: "at most 1.15",
          measured: figure(ratio, 3),
          met: ratio <= 1.15,
        },
        {
          what: `heap at record ${records}, over that at record ${records / 2}`,
          goal: "flat: at most 1 MB more",
          measured: `${figure((late - early) / 1e6, 2)} MB`,
          met: late - early <= 1e6,
        },
      ],
    };
  } finally {
    for (const { worker } of samples.values()) await worker.stop();
    await api.stop();
  }
};
