import type { Colors } from "./output.js";

// Ours, since cli-progress draws whole blocks only, and none without its own loop.
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** Draws a bar of blocks, filled to a part from 0 to 1. */
export function bar(part: number, width: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, part)) * width * 8);
  // Only exactly zero is shown as empty, and only everything as full.
  const shown =
    part > 0 && filled === 0 ? 1 : part < 1 && filled === width * 8 ? filled - 1 : filled;
  const full = "█".repeat(Math.floor(shown / 8));
  return (full + (EIGHTHS[shown % 8] ?? "")).padEnd(width, "░");
}

/** Shopify warns an app at 90 % of the cap. */
const NEAR = 0.9;

/** Returns the colour for a part of the cap: green, yellow near the cap, red from where Shopify warns. */
export function byPart(colors: Colors, part: number): (text: string) => string {
  if (part >= NEAR) return colors.red;
  return part >= 0.75 ? colors.yellow : colors.green;
}
