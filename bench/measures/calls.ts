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

/** Long enough for a round to have several full garbage collections: a median of rounds would ignore rare ones. */
const LOADS: readonly Load[] = [
  { concurrency: 1, calls: 1_500, most: 1.1 },
  { concurrency: 50, calls: 3_000, most: 1.1 },
  { concurrency: 500, calls: 4_000, most: 1.2 },
];
const ROUNDS = 13;
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

function cpuOver(samples: Samples, name: string): Spread {
  return ratioOf(sampleOf(samples, OURS).cpu, sampleOf(samples, name).cpu);
}

function loadName({ concurrency }: Load): string {
  return concurrency === 1 ? "alone" : `${concurrency} at once`;
}

function limitGoal(load: Load, samples: Samples): Goal {
  const over = cpuOver(samples, LIMIT);
  return {
    what: `CPU per call over raw \`fetch\` with timeout and redirect mode: ${loadName(load)}`,
    goal: `at most ${figure(load.most)}`,
    measured: spread(over, 3),
    met: over.median <= load.most,
  };
}

function peersGoal(load: Load, samples: Samples): Goal {
  const peers = CONTENDERS.filter(({ peer }) => peer).map(({ name, title }) => ({
    title,
    over: cpuOver(samples, name),
  }));
  return {
    what: `CPU per call over that of each peer: ${loadName(load)}`,
    goal: "ahead of each: below 1",
    measured: peers.map(({ title, over }) => `${title} ${spread(over, 3)}`).join("; "),
    met: peers.every(({ over }) => over.median < 1),
  };
}

/** Runs the contenders in turn, round by round, and collects what they report. */
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
  say(`calls: ${concurrency} at once, warming up`);
  await api.inspect(true);
  for (const [name, worker] of order) {
    samples.set(name, { wall: [], cpu: [] });
    await chargeAll(worker, calls);
  }
  await api.inspect(false);
  for (const [, worker] of order) await chargeAll(worker, WARM_UP);
  for (let round = 1; round <= rounds; round += 1) {
    say(`calls: ${concurrency} at once, round ${round} of ${rounds}`);
    // Each round starts with another contender, and every other round runs backwards, so that
    // none has the same predecessor all the time.
    for (const [name, worker] of round % 2 === 0 ? order.toReversed() : order) {
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
  const programOf = (program: string): string => `contenders/${program}`;
  const programs = await compile(app, [
    "server",
    ...CONTENDERS.map(({ name, program = name }) => programOf(program)),
  ]);
  const fileOf = (program: string): string => programs.get(program) ?? program;

  const api = await CannedApi.start(fileOf("server"));
  const workers = new Map<string, Worker>();
  try {
    for (const { name, program = name, development = false } of CONTENDERS) {
      const flags =
        profiles === null
          ? []
          : ["--cpu-prof", `--cpu-prof-dir=${profiles}`, `--cpu-prof-name=${name}.cpuprofile`];
      const options = { flags, development };
      workers.set(
        name,
        await Worker.start(name, fileOf(programOf(program)), [api.endpoint], options),
      );
    }
    const text: string[] = [];
    const goals: { readonly limit: Goal[]; readonly peers: Goal[] } = { limit: [], peers: [] };
    for (const full of LOADS) {
      const load = quick ? { ...full, calls: full.calls / 2 } : full;
      const samples = await measureLoad(load, rounds, workers, api, say);
      text.push(
        `Rounds of ${load.calls} charges, ${load.concurrency} at a time, ${rounds} of each:`,
        tableOf(load, samples),
      );
      goals.limit.push(limitGoal(load, samples));
      goals.peers.push(peersGoal(load, samples));
    }
    return {
      title: "Calls",
      text: [
        "Every contender makes the same charge, checks the record that comes back, and runs in a process of its own, with `NODE_ENV=production` except in the last two rows. " +
          "Ratios are taken round by round, against raw `fetch` in the same round. " +
          "CPU is that of the contender's process in all its threads.",
        "Peers send as they come: without a timeout, following redirects. The rows below them are for comparison: " +
          "the quickest peer with the timeout and the redirect mode of the limit, the limit without, and what urql's development-time work costs.",
        ...text,
      ],
      // Goals are about CPU, which is steadier than the clock.
      goals: [...goals.limit, ...goals.peers],
    };
  } finally {
    for (const worker of workers.values()) await worker.stop();
    await api.stop();
  }
};
