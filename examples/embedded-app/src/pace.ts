import { elapsed, type Period } from "./period.js";

/** In the first tenth of a period, one busy day says nothing about the month. */
const TOO_EARLY = 0.1;

/** An estimate of where usage is heading, in floats. */
export interface Pace {
  /** The period's expected total. */
  readonly total: number;
  /** When the cap will be reached. `null` if it will not be. */
  readonly capReached: Date | null;
}

/** Extrapolates the usage so far. `null` if it is too early to tell or too late to matter. */
export function paceOf(used: number, cap: number, period: Period, now: Date): Pace | null {
  const share = elapsed(period, now);
  if (share < TOO_EARLY || share === 1 || used <= 0 || used >= cap) return null;
  const total = used / share;
  const { start } = period;
  const untilCap = (now.getTime() - start.getTime()) * (cap / used);
  return { total, capReached: total > cap ? new Date(start.getTime() + untilCap) : null };
}
