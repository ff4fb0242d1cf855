import type { Colors } from "./output.js";

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of blocks, filled to a part from 0 to 1. */
export function bar(part: number, width: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, part)) * width * 8);
  // Something that was used is never shown as nothing, nor almost all of it as all.
  const shown =
    part > 0 && filled === 0 ? 1 : part < 1 && filled === width * 8 ? filled - 1 : filled;
  const full = "█".repeat(Math.floor(shown / 8));
  return (full + (EIGHTHS[shown % 8] ?? "")).padEnd(width, "░");
}

/** Shopify tells an app at 90 % of the cap that it is near. */
const NEAR = 0.9;

/** Colours what stands at a part of its cap: it is well, getting near, or near. */
export function byPart(colors: Colors, part: number): (text: string) => string {
  if (part >= NEAR) return colors.red;
  return part >= 0.75 ? colors.yellow : colors.green;
}
