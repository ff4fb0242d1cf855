import type { Say } from "./progress.js";
import type { Workbench } from "./workbench.js";

/** A goal of the project, and the measured result. */
export interface Goal {
  readonly what: string;
  readonly goal: string;
  readonly measured: string;
  /** `null` if it was not measured. */
  readonly met: boolean | null;
  /** The command that measures it. By default, `npm run bench` with this measure alone. */
  readonly command?: string;
}

/** The results of a measure. */
export interface Section {
  readonly title: string;
  /** Paragraphs and tables, in Markdown. */
  readonly text: readonly string[];
  readonly goals: readonly Goal[];
}

/** The options of a measure. */
export interface MeasureOptions {
  readonly workbench: Workbench;
  /** A fraction of the work, for a first look. */
  readonly quick: boolean;
  /** A folder for a CPU profile of each contender; `null` for none. */
  readonly profiles: string | null;
  readonly say: Say;
}

/** Runs one measure, side by side. */
export type Measure = (options: MeasureOptions) => Promise<Section>;
