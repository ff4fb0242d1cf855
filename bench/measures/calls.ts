import { CannedApi } from "../canned-api.js";
import { CONTENDERS, LIMIT, OURS } from "../contenders.js";
import { figure, spread, table } from "../markdown.js";
import { compile } from "../programs.js";
import type { Goal, Measure } from "../section.js";
import { ratioOf, spreadOf, type Spread } from "../statistics.js";
import { Worker } from "../worker.js";

/** The calls of a round, and how many are made at once. */
interface Load {
  readonly concurrency: number;
  readonly calls: number;
  /** The most CPU that a call may take, as a multiple of the limit's. */
  readonly most: number;
}

const LOADS: readonly Load[] = [
  { concurrency: 1, calls: 1_500, most: 1.1 },
  { concurrency: 50, calls: 4_000, most: 1.1 },
  { concurrency: 500, calls: 6_000, most: 1.2 },
];
const ROUNDS = 21;
/** Charges of each contender before its first round under a load. */
const WARM_UP = 3_000;

/** The time of each round of a contender, in microseconds per call. */
interface Sample {
  readonly wall: number[];
  readonly cpu: number[];
}

type Samples = ReadonlyMap<string, Sample>;

function sampleOf(samples: Samples, name: string): Sample {
  const sample = samples.get(name);
  if (!sample) throw new Error(`${name} was not measured`);
  return sample;
}

/** Returns time per call over the limit's for sequential calls, and otherwise throughput over the limit's. */
function figureOfMerit({ concurrency }: Load, samples: Samples, name: string): Spread {
  const { wall } = sampleOf(samples, name);
  const limit = sampleOf(samples, LIMIT).wall;
  return concurrency === 1 ? ratioOf(wall, limit) : ratioOf(limit, wall);
}

function tableOf(load: Load, samples: Samples): string {
  const sequential = load.concurrency === 1;
  const limit = sampleOf(samples, LIMIT);
  const head = sequential
    ? ["one after another", "µs per call", "over raw `fetch`"]
    : [`${load.concurrency} at once`, "calls per second", "of raw `fetch`"];
  return table(
    [...head, "CPU, µs per call", "CPU over raw `fetch`"],
    CONTENDERS.map(({ name, title }) => {
      const { wall, cpu } = sampleOf(samples, name);
      const pace = sequential
        ? spread(spreadOf(wall), 0)
        : spread(spreadOf(wall.map((each) => 1e6 / each)), 0);
      return [
        title,
        pace,
        spread(figureOfMerit(load, samples, name), 3),
        spread(spreadOf(cpu), 0),
        spread(ratioOf(cpu, limit.cpu), 3),
      ];
    }),
  );
}

/** Goals are about CPU, which is steadier than the clock. */
function goalsOf({ concurrency, most }: Load, samples: Samples): Goal[] {
  const limit = sampleOf(samples, LIMIT).cpu;
  const cpuOf = (name: string): number => ratioOf(sampleOf(samples, name).cpu, limit).median;
  const ours = cpuOf(OURS);
  const peers = CONTENDERS.filter(({ peer }) => peer);
  const how = concurrency === 1 ? "alone" : `${concurrency} at once`;
  return [
    {
      what: `CPU per call over raw \`fetch\` with timeout and redirect mode, ${how}`,
      goal: `at most ${figure(most)}`,
      measured: figure(ours, 3),
      met: ours <= most,
    },
    {
      what: `the same, against urql's stock client, graphql-request and shopify-api`,
      goal: "ahead of each",
      measured: [
        figure(ours, 3),
        ...peers.map(({ name, title }) => `${title} ${figure(cpuOf(name), 3)}`),
      ].join("; "),
      met: peers.every(({ name }) => ours < cpuOf(name)),
    },
  ];
}

/** Runs rounds that alternate between the contenders. Each round starts with another one. */
async function measureLoad(
  { concurrency, calls }: Load,
  rounds: number,
  workers: ReadonlyMap<string, Worker>,
  api: CannedApi,
  say: (line: string) => void,
): Promise<Samples> {
  const samples = new Map<string, Sample>();
  const order = [...workers];
  const chargeAll = async (
    worker: Worker,
    calls: number,
  ): Promise<{ readonly wall: number; readonly cpu: number }> => {
    const took = await worker.ask("charge", { calls, concurrency }, ["wall", "cpu"]);
    const requests = await api.requests();
    if (requests !== calls) throw new Error(`${calls} charges sent ${requests} requests`);
    return took;
  };
  say(`${concurrency} at once: warming up`);
  await api.inspect(true);
  for (const [name, worker] of order) {
    samples.set(name, { wall: [], cpu: [] });
    await chargeAll(worker, calls);
  }
  await api.inspect(false);
  for (const [, worker] of order) await chargeAll(worker, WARM_UP);
  for (let round = 1; round <= rounds; round += 1) {
    say(`${concurrency} at once: round ${round} of ${rounds}`);
    for (const [name, worker] of order) {
      const { wall, cpu } = await chargeAll(worker, calls);
      sampleOf(samples, name).wall.push((wall * 1_000) / calls);
      sampleOf(samples, name).cpu.push((cpu * 1_000) / calls);
    }
    order.push(...order.splice(0, 1));
  }
  return samples;
}

/** Measures time per call and throughput, against raw `fetch` and all peers. */
export const calls: Measure = async ({ workbench, quick, profiles, say }) => {
  const rounds = quick ? 5 : ROUNDS;
  const app = await workbench.app();
  const programOf = (name: string): string => `contenders/${name}`;
  const programs = await compile(app, ["server", ...CONTENDERS.map(({ name }) => programOf(name))]);
  const fileOf = (program: string): string => programs.get(program) ?? program;

  const api = await CannedApi.start(fileOf("server"));
  const workers = new Map<string, Worker>();
  try {
    for (const { name } of CONTENDERS) {
      const profile = profiles === null ? [] : ["--cpu-prof", `--cpu-prof-dir=${profiles}`];
      if (profiles !== null) profile.push(`--cpu-prof-name=${name}.cpuprofile`);
      const worker = await Worker.start(name, fileOf(programOf(name)), [api.endpoint], profile);
      workers.set(name, worker);
    }
    const text: string[] = [];
    const goals: Goal[] = [];
    for (const full of LOADS) {
      const load = quick ? { ...full, calls: Math.ceil(full.calls / 3) } : full;
      const samples = await measureLoad(load, rounds, workers, api, say);
      text.push(
        `Rounds of ${load.calls} charges, ${load.concurrency} at a time, ${rounds} of each:`,
        tableOf(load, samples),
      );
      goals.push(...goalsOf(load, samples));
    }
    return {
      title: "Calls",
      text: [
        "Every contender makes the same charge, checks the record that comes back, and lives in one process of its own. " +
          "The server counts the requests, and in the warm-up reads each of them. " +
          "Ratios are taken round by round, against raw `fetch` in the same round. " +
          "CPU is that of the contender's process in all its threads; it is steadier than the clock. " +
          "The bucket in the answers never runs low, so that pacing keeps account but never waits.",
        "Peers send as they come: without a timeout, following redirects. The two rows below them are for comparison: " +
          "the quickest peer with the timeout and the redirect mode of the limit, and the limit without.",
        ...text,
      ],
      goals,
    };
  } finally {
    for (const worker of workers.values()) await worker.stop();
    await api.stop();
  }
};
