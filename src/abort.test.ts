import { getEventListeners } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { onAbort } from "./abort.js";

describe("onAbort", () => {
  it("calls everybody that still waits, once", () => {
    const controller = new AbortController();
    const [first, second, third] = [vi.fn(), vi.fn(), vi.fn()];
    onAbort(controller.signal, first);
    const release = onAbort(controller.signal, second);
    onAbort(controller.signal, third);
    release();
    controller.abort();
    controller.abort();
    expect(first).toHaveBeenCalledTimes(1);
    expect(second).not.toHaveBeenCalled();
    expect(third).toHaveBeenCalledTimes(1);
  });

  it("adds one listener to a signal, and leaves none", () => {
    const { signal } = new AbortController();
    const releases = Array.from({ length: 1_000 }, () => onAbort(signal, () => undefined));
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    for (const release of releases) release();
    for (const release of releases) release();
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
    const run = vi.fn();
    onAbort(signal, run);
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
  });

  it("lets one leave while the others are called", () => {
    const controller = new AbortController();
    const last = vi.fn();
    const release = onAbort(controller.signal, () => release());
    onAbort(controller.signal, last);
    controller.abort();
    expect(last).toHaveBeenCalledTimes(1);
  });

  it("does nothing without a signal", () => {
    expect(() => onAbort(undefined, vi.fn())()).not.toThrow();
  });
});
