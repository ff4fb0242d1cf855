import { CannedApi } from "../canned-api.js";
import { figure, spread, table } from "../markdown.js";
import { compile } from "../programs.js";
import type { Measure } from "../section.js";
import { ratioOf, spreadOf } from "../statistics.js";
import { Worker } from "../worker.js";

const RECORDS = 100_000;
const ROUNDS = 9;
const HEAP_ROUNDS = 5;
/** The records between the two moments at which the heap is compared: two fifths of them. */
const COMPARED = 2 / 5;
const LOOP = "bare-loop";
const OURS = "shopify-usage-billing";

const READERS: readonly (readonly [name: string, title: string])[] = [
  [LOOP, "a bare `fetch` loop over pages, the limit"],
  ["bare-generator", "the same as an async generator of records"],
  [OURS, "**shopify-usage-billing**, record by record"],
  ["shopify-usage-billing-pages", "**shopify-usage-billing**, page by page"],
];

interface Sample {
  readonly worker: Worker;
  readonly wall: number[];
  readonly cpu: number[];
  requests: number;
  /** Bytes at nine tenths of the records. */
  readonly heap: number[];
  /** Bytes that the heap grows by with each 10,000 records, in the second half. */
  readonly growth: number[];
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
      samples.set(name, { worker, wall: [], cpu: [], requests: 0, heap: [], growth: [] });
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
    for (let round = 1; round <= HEAP_ROUNDS; round += 1) {
      for (const { worker, heap, growth } of order) {
        const { middle, late } = await worker.ask("heap", { records }, ["middle", "late"]);
        heap.push(late);
        growth.push((late - middle) / ((records * COMPARED) / 10_000));
      }
    }
    const limit = samples.get(LOOP);
    const ours = samples.get(OURS);
    if (!limit || !ours) throw new Error("A reader was not measured");
    const ratio = ratioOf(ours.cpu, limit.cpu).median;
    const growth = spreadOf(ours.growth).median;
    return {
      title: "Reading",
      text: [
        `${records} usage records in pages of 250, ${rounds} rounds of each in turn. Ratios are taken round by round. ` +
          "Our readers also check the fields of each record, bound the size of a page, pace and retry; " +
          "record by record, the next page is requested when half of one is consumed. " +
          `The heap is what is in use above the start after a collection, at nine tenths of the records; its growth is from the middle to there. Both are medians of ${HEAP_ROUNDS} readings.`,
        table(
          [
            "reads",
            "ms",
            "over the loop",
            "CPU, ms",
            "CPU over the loop",
            "requests",
            "heap, MB",
            "growth per 10,000 records, kB",
          ],
          READERS.map(([name, title]) => {
            const sample = samples.get(name);
            if (!sample) throw new Error(`${name} was not measured`);
            const { wall, cpu, requests, heap, growth } = sample;
            return [
              title,
              spread(spreadOf(wall), 0),
              spread(ratioOf(wall, limit.wall), 3),
              spread(spreadOf(cpu), 0),
              spread(ratioOf(cpu, limit.cpu), 3),
              requests,
              figure(spreadOf(heap).median / 1e6, 2),
              spread(spreadOf(growth.map((bytes) => bytes / 1e3)), 0),
            ];
          }),
        ),
      ],
      goals: [
        {
          what: `CPU of reading ${records} records, against a bare \`fetch\` loop over the same pages`,
          goal: "at most 1.15",
          measured: figure(ratio, 3),
          met: ratio <= 1.15,
        },
        {
          what: "heap that reading 10,000 more records takes",
          goal: "flat: at most 100 kB, of 4,800 kB that they are sent as",
          measured: `${figure(growth / 1e3, 0)} kB`,
          met: growth <= 100_000,
        },
      ],
    };
  } finally {
    for (const { worker } of samples.values()) await worker.stop();
    await api.stop();
  }
};
