import type { Workbench } from "./workbench.js";

/** A goal of the project, and what came of it. */
export interface Goal {
  readonly what: string;
  readonly goal: string;
  readonly measured: string;
  /** Null where it was not measured. */
  readonly met: boolean | null;
}

/** What a measure found. */
export interface Section {
  readonly title: string;
  /** Paragraphs and tables, in Markdown. */
  readonly text: readonly string[];
  readonly goals: readonly Goal[];
}

/** What a measure takes. */
export interface MeasureOptions {
  readonly workbench: Workbench;
  /** A tenth of the work, for a first look. */
  readonly quick: boolean;
  /** A folder for a processor profile of each contender; null for none. */
  readonly profiles: string | null;
  readonly say: (line: string) => void;
}

/** Measures one thing, side by side. */
export type Measure = (options: MeasureOptions) => Promise<Section>;
