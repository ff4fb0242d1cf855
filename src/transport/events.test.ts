import { expect, test, vi } from "vitest";
import { emit, type EventListener } from "./events.js";

const EVENT = { type: "deprecation", requested: null, reason: "old" } as const;

test("a listener is told", () => {
  const listener = vi.fn<EventListener>();

  emit(listener, EVENT);

  expect(listener).toHaveBeenCalledExactlyOnceWith(EVENT);
});

test("without a listener nothing happens", () => {
  expect(() => emit(undefined, EVENT)).not.toThrow();
});

test("a listener that throws is nobody's problem", () => {
  const listener = (): never => {
    throw new Error("broken");
  };

  expect(() => emit(listener, EVENT)).not.toThrow();
});

test("nor is one that rejects", async () => {
  const unhandled = vi.fn<(reason: unknown) => void>();
  process.on("unhandledRejection", unhandled);

  emit(async () => {
    throw new Error("broken");
  }, EVENT);
  await new Promise((resolve) => {
    setImmediate(resolve);
  });

  process.off("unhandledRejection", unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});
