import { InvalidArgumentError } from "@commander-js/extra-typings";
import type { FaultName, Latency } from "shopify-usage-billing/testing";

/** Parses `lostAfter=0.1,throttled=0.05`. The simulator checks the names. */
export function faultRates(text: string): Partial<Record<FaultName, number>> {
  const rates: Record<string, number> = {};
  for (const part of text.split(",")) {
    const [name = "", rate = "", ...rest] = part.split("=").map((piece) => piece.trim());
    if (name === "" || rate === "" || rest.length > 0 || Number.isNaN(Number(rate))) {
      throw new InvalidArgumentError(
        "Expected faults with rates, such as lostAfter=0.1,throttled=0.05.",
      );
    }
    rates[name] = Number(rate);
  }
  return rates;
}

/** Parses milliseconds: `50` or `20-80`. */
export function latency(text: string): Latency {
  const [, min, max] = /^(\d+)(?:-(\d+))?$/.exec(text.trim()) ?? [];
  if (min === undefined) {
    throw new InvalidArgumentError("Expected milliseconds, such as 50 or 20-80.");
  }
  return max === undefined ? Number(min) : { min: Number(min), max: Number(max) };
}
