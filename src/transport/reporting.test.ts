import { createRequest, gql, makeOperation, makeResult } from "@urql/core";
import { afterEach, expect, test, vi } from "vitest";
import { Call, withCall, type AnswerHead } from "./call.js";
import type { UsageBillingEvent } from "./events.js";
import { reporting } from "./reporting.js";

afterEach(() => {
  vi.useRealTimers();
});

/** Sends queries whose responses have the given heads, and returns a list of the events. */
async function eventsOf(
  heads: readonly Partial<AnswerHead>[],
  { latency = 0, apiVersion = "2026-10" }: { latency?: number; apiVersion?: string | null } = {},
) {
  vi.useFakeTimers();
  const events: UsageBillingEvent[] = [];
  const answers = heads.values();
  const call = new Call("query");
  const context = { url: "", requestPolicy: "network-only" as const, ...withCall(call) };
  const operation = makeOperation("query", createRequest(gql("{ shop { id } }"), {}), context);
  const send = reporting(
    async () => {
      vi.advanceTimersByTime(latency);
      call.head = {
        status: 200,
        requestId: null,
        servedVersion: null,
        deprecatedReason: null,
        date: null,
        retryAfter: null,
        ...answers.next().value,
      };
      return makeResult(operation, { data: { shop: null } });
    },
    (event) => events.push(event),
    apiVersion,
  );
  for (const _ of heads) {
    void _;
    await send(operation);
  }
  return events;
}

test("a response event has the milliseconds since its request", async () => {
  const events = await eventsOf([{}, {}], { latency: 250 });

  expect(events.filter(({ type }) => type === "response")).toMatchObject([
    { duration: 250 },
    { duration: 250 },
  ]);
});

test("a server whose deprecations never repeat is reported a hundred times at most", async () => {
  const heads = Array.from({ length: 150 }, (_, index) => ({
    deprecatedReason: `reason ${index}`,
  }));

  const events = await eventsOf(heads);

  expect(events.filter(({ type }) => type === "deprecation")).toHaveLength(100);
});

test("another version than requested is reported once, and any is fine if none was requested", async () => {
  const heads = [{ servedVersion: "2027-01" }, { servedVersion: "2027-01" }];
  const drifts = (events: readonly UsageBillingEvent[]): readonly UsageBillingEvent[] =>
    events.filter(({ type }) => type === "versionDrift");

  expect(drifts(await eventsOf(heads))).toEqual([
    { type: "versionDrift", requested: "2026-10", served: "2027-01" },
  ]);
  expect(drifts(await eventsOf(heads, { apiVersion: null }))).toEqual([]);
});
