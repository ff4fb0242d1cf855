import { CannedApi } from "../canned-api.js";
import { figure, table } from "../markdown.js";
import { compile } from "../programs.js";
import type { Measure } from "../section.js";
import { spreadOf } from "../statistics.js";
import { Worker } from "../worker.js";

const FEW = 1_000;
const MANY = 10_000;
const ROUNDS = 9;
/** Ten times the calls may take a little more than ten times as long. */
const MOST = 12;

/** What it costs to abort thousands of calls at once, over a tenth of them. */
export const abortedCalls: Measure = async ({ workbench, quick, say }) => {
  const rounds = quick ? 3 : ROUNDS;
  const app = await workbench.app();
  const programs = await compile(app, ["server", "aborting"]);
  const fileOf = (program: string): string => programs.get(program) ?? program;
  const api = await CannedApi.start(fileOf("server"));
  const worker = await Worker.start("aborting", fileOf("aborting"), [api.endpoint]);
  try {
    const samples = new Map<number, number[]>([
      [FEW, []],
      [MANY, []],
    ]);
    for (const calls of samples.keys()) await worker.ask("abort", { calls }, []);
    for (let round = 1; round <= rounds; round += 1) {
      say(`aborted calls: round ${round} of ${rounds}`);
      for (const [calls, sample] of samples) {
        const { cpu } = await worker.ask("abort", { calls }, ["cpu"]);
        sample.push(cpu);
      }
    }
    const median = (calls: number): number => spreadOf(samples.get(calls) ?? []).median;
    const ratio = median(MANY) / median(FEW);
    return {
      title: "Aborted calls",
      text: [
        `CPU from the first call to the last rejection, if calls that share one signal are begun together and aborted a turn of the event loop later; medians of ${rounds} rounds:`,
        table(
          ["calls", "CPU, ms", "µs per call"],
          [FEW, MANY].map((calls) => [
            calls,
            figure(median(calls), 0),
            figure((median(calls) * 1_000) / calls, 0),
          ]),
        ),
      ],
      goals: [
        {
          what: "ten thousand calls aborted at once, over one thousand",
          goal: `at most ${MOST} times`,
          measured: `${figure(ratio, 1)} times`,
          met: ratio <= MOST,
        },
      ],
    };
  } finally {
    await worker.stop();
    await api.stop();
  }
};
