import { elapsed, type Period } from "./period.js";

/** Before a tenth of the period is over, one busy day says nothing of the month. */
const TOO_EARLY = 0.1;

/** Where usage is heading; an estimate, in floats. */
export interface Pace {
  /** What the period would add up to. */
  readonly total: number;
  /** When the cap would be reached; null where it would not be. */
  readonly capReached: Date | null;
}

/** Where usage is heading if it goes on as it did; null where it is too early to tell, or too late to matter. */
export function paceOf(used: number, cap: number, period: Period, now: Date): Pace | null {
  const share = elapsed(period, now);
  if (share < TOO_EARLY || share === 1 || used <= 0 || used >= cap) return null;
  const total = used / share;
  const { start } = period;
  const untilCap = (now.getTime() - start.getTime()) * (cap / used);
  return { total, capReached: total > cap ? new Date(start.getTime() + untilCap) : null };
}
