import { abortedCalls } from "./measures/aborted-calls.js";
import { bundleSizes } from "./measures/bundle-size.js";
import { calls } from "./measures/calls.js";
import { clientHeap } from "./measures/client-heap.js";
import { faults } from "./measures/faults.js";
import { importTime } from "./measures/import-time.js";
import { installedSize } from "./measures/installed-size.js";
import { ledger } from "./measures/ledger.js";
import { machines } from "./measures/machines.js";
import { pacing } from "./measures/pacing.js";
import { points } from "./measures/points.js";
import { reading } from "./measures/reading.js";
import { typeCost } from "./measures/type-cost.js";
import type { Measure } from "./section.js";

/** A measure in the plan of a run. */
export interface PlannedMeasure {
  /** Its name on the command line. */
  readonly name: string;
  readonly measure: Measure;
  /** What it measures, for the report of a run that did not get there. */
  readonly what: string;
  /** What it usually takes, in minutes on two idle processors. */
  readonly minutes: number;
}

/** All measures, in the order of the report. */
export const MEASURES: readonly PlannedMeasure[] = [
  { name: "calls", measure: calls, what: "CPU per call", minutes: 11 },
  { name: "points", measure: points, what: "points per charge", minutes: 0.5 },
  { name: "ledger", measure: ledger, what: "cost of the usage ledger", minutes: 1.5 },
  { name: "machines", measure: machines, what: "ledger on four machines", minutes: 3.5 },
  { name: "pacing", measure: pacing, what: "share of the restore rate", minutes: 2.5 },
  { name: "aborts", measure: abortedCalls, what: "thousands of aborted calls", minutes: 0.2 },
  { name: "reading", measure: reading, what: "reading 100,000 records", minutes: 0.7 },
  { name: "import", measure: importTime, what: "import of the main entry", minutes: 0.6 },
  { name: "bundle", measure: bundleSizes, what: "size of the bundle", minutes: 0.1 },
  { name: "installation", measure: installedSize, what: "size on disk", minutes: 0.5 },
  { name: "types", measure: typeCost, what: "types and memory of the compiler", minutes: 1.5 },
  { name: "heap", measure: clientHeap, what: "heap per client", minutes: 2 },
  { name: "faults", measure: faults, what: "doubles, losses under faults", minutes: 2.5 },
];
