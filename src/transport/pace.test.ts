import { describe, expect, it } from "vitest";
import { Pace, type Flight, type FlightEnd } from "./pace.js";

const STANDARD = { maximumAvailable: 2_000, restoreRate: 100 };

/** Numbers that look random and repeat with their seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Things to do, each at its time. */
class Agenda {
  now = 0;
  #entries: { readonly at: number; readonly run: () => void }[] = [];

  at(at: number, run: () => void): void {
    const later = this.#entries.findIndex((entry) => entry.at > at);
    this.#entries.splice(later === -1 ? this.#entries.length : later, 0, { at, run });
  }

  runUntil(done: () => boolean): void {
    while (!done()) {
      const entry = this.#entries.shift();
      if (!entry) throw new Error("Everybody waits for ever");
      this.now = entry.at;
      entry.run();
    }
  }
}

interface Scenario {
  readonly processes: number;
  /** Operations that each process has to send, all at once. */
  readonly backlog: number;
  readonly maximumAvailable: number;
  readonly restoreRate: number;
  /** When something else takes all points, in milliseconds. */
  readonly drainedAt?: number;
}

/** What became of a backlog. */
interface Outcome {
  /** Points of the backlog, of those that the bucket gave until it was done. */
  readonly efficiency: number;
  /** Of all answers. */
  readonly throttled: number;
  /** How much of its backlog each process had done when half of it all was. */
  readonly halfway: readonly number[];
}

const COST = 10;

/** Lets processes that know nothing of each other work off their backlogs on one bucket. */
function workOff({ processes, backlog, drainedAt, ...bucket }: Scenario): Outcome {
  const agenda = new Agenda();
  const next = random(processes * 1_000 + bucket.restoreRate);
  const latency = (): number => 60 * 2 ** (2 * next()); // 60 to 240 ms one way, 1/4 to 1/2 s in all
  let level = bucket.maximumAvailable;
  let filledAt = 0;
  let drained = 0;
  let answers = 0;
  let throttles = 0;
  const done = Array.from({ length: processes }, () => 0);
  let halfway: readonly number[] = [];

  const fill = (): void => {
    const restored = ((agenda.now - filledAt) / 1_000) * bucket.restoreRate;
    level = Math.min(bucket.maximumAvailable, level + restored);
    filledAt = agenda.now;
  };
  if (drainedAt !== undefined) {
    agenda.at(drainedAt, () => {
      fill();
      drained = level;
      level = 0;
    });
  }

  for (const [index] of done.entries()) {
    const pace = new Pace(0);
    let waiting = backlog;
    let alarm = {};

    const answered = (flight: Flight, currentlyAvailable: number, throttled: boolean): void => {
      pace.ended(
        flight,
        agenda.now,
        { ...bucket, currentlyAvailable },
        throttled ? "throttled" : "answered",
      );
      answers += 1;
      if (throttled) {
        throttles += 1;
        // As the retry exchange does: not before the points are there.
        const wait = ((COST - currentlyAvailable) / bucket.restoreRate) * 1_000;
        agenda.at(agenda.now + wait, () => {
          waiting += 1;
          drain();
        });
      } else {
        done[index] = (done[index] ?? 0) + 1;
        const total = done.reduce((sum, count) => sum + count, 0);
        if (total * 2 === backlog * processes) halfway = [...done];
      }
      drain();
    };

    const drain = (): void => {
      const mine = {};
      alarm = mine;
      while (waiting > 0) {
        const wait = pace.wait(COST, agenda.now);
        if (wait === null) return;
        if (wait > 0) {
          // Timers have whole milliseconds and come late.
          agenda.at(agenda.now + Math.ceil(wait) + next(), () => {
            if (alarm === mine) drain();
          });
          return;
        }
        waiting -= 1;
        const flight = pace.sent(COST, agenda.now);
        agenda.at(agenda.now + latency(), () => {
          fill();
          const throttled = level < COST;
          if (!throttled) level -= COST;
          const told = Math.min(Math.floor(level), throttled ? COST - 1 : Infinity);
          agenda.at(agenda.now + latency(), () => answered(flight, told, throttled));
        });
      }
    };
    agenda.at(next() * 10, drain);
  }

  const total = backlog * processes;
  agenda.runUntil(() => answers - throttles === total);
  const given = bucket.maximumAvailable + (agenda.now / 1_000) * bucket.restoreRate - drained;
  return {
    efficiency: (total * COST) / given,
    throttled: throttles / answers,
    halfway: halfway.map((count) => count / backlog),
  };
}

describe("a backlog on a standard shop's bucket", () => {
  it("drains at the restore rate, with next to no throttled answer, by one process", () => {
    const { efficiency, throttled } = workOff({ processes: 1, backlog: 2_000, ...STANDARD });
    expect(efficiency).toBeGreaterThan(0.99);
    expect(throttled).toBeLessThan(0.002);
  });

  it("drains at the restore rate of a large shop", () => {
    const bucket = { maximumAvailable: 20_000, restoreRate: 1_000 };
    const { efficiency, throttled } = workOff({ processes: 1, backlog: 12_000, ...bucket });
    expect(efficiency).toBeGreaterThan(0.99);
    expect(throttled).toBeLessThan(0.001);
  });

  it("drains at the restore rate by four processes, which share it evenly", () => {
    const { efficiency, throttled, halfway } = workOff({
      processes: 4,
      backlog: 1_000,
      ...STANDARD,
    });
    expect(efficiency).toBeGreaterThan(0.99);
    expect(throttled).toBeLessThan(0.003);
    for (const share of halfway) expect(share).toBeGreaterThan(0.42);
  });

  it("drains with few throttled answers by sixteen processes", () => {
    const { efficiency, throttled, halfway } = workOff({
      processes: 16,
      backlog: 300,
      ...STANDARD,
    });
    expect(efficiency).toBeGreaterThan(0.98);
    expect(throttled).toBeLessThan(0.06);
    for (const share of halfway) expect(share).toBeGreaterThan(0.35);
  });

  it("goes on at the restore rate after something else drained the bucket", () => {
    const { efficiency, throttled } = workOff({
      processes: 1,
      backlog: 2_000,
      drainedAt: 5_000,
      ...STANDARD,
    });
    expect(efficiency).toBeGreaterThan(0.99);
    expect(throttled).toBeLessThan(0.01);
  });
});

describe("the estimate", () => {
  it("sends only few before the first answer", () => {
    const pace = new Pace(0);
    let sent = 0;
    while (pace.wait(COST, 0) === 0) {
      pace.sent(COST, 0);
      sent += 1;
    }
    expect(sent).toBe(8);
    expect(pace.wait(COST, 0)).toBeNull();
  });

  it("says how long until the points are there", () => {
    const pace = new Pace(0);
    pace.ended(pace.sent(COST, 0), 100, { ...STANDARD, currentlyAvailable: 500 }, "answered");
    expect(pace.wait(500, 100)).toBe(0);
    expect(pace.wait(600, 100)).toBeCloseTo(1_000);
    expect(pace.wait(600, 1_100)).toBe(0);
  });

  it("expects no more than the bucket holds, however long it waited", () => {
    const pace = new Pace(0);
    pace.ended(pace.sent(COST, 0), 100, { ...STANDARD, currentlyAvailable: 0 }, "answered");
    expect(pace.wait(1_900, 1e9)).toBe(0);
    expect(pace.wait(2_000, 1e9)).toBe(0);
    expect(pace.wait(5_000, 1e9)).toBe(0); // for the server to decide
  });

  it("is not raised by an answer that another overtook", () => {
    const pace = new Pace(0);
    const first = pace.sent(COST, 0);
    const second = pace.sent(COST, 1);
    pace.ended(second, 100, { ...STANDARD, currentlyAvailable: 300 }, "answered");
    pace.ended(first, 101, { ...STANDARD, currentlyAvailable: 310 + 500 }, "answered");
    expect(pace.wait(400, 101)).toBeGreaterThan(0);
  });

  it("leaves a reserve after a throttled answer, and forgets it", () => {
    const pace = new Pace(0);
    pace.ended(pace.sent(COST, 0), 100, { ...STANDARD, currentlyAvailable: 0 }, "throttled");
    expect(pace.wait(COST, 100)).toBeGreaterThan(400);
    // Ten minutes later the bucket is full, and all of it can be used.
    pace.ended(pace.sent(COST, 6e5), 6e5, { ...STANDARD, currentlyAvailable: 100 }, "answered");
    expect(pace.wait(99, 6e5)).toBe(0);
  });

  it("takes the points of an operation that failed as spent, until an answer says more", () => {
    const pace = new Pace(0);
    pace.ended(pace.sent(COST, 0), 0, { ...STANDARD, currentlyAvailable: 50 }, "answered");
    pace.ended(pace.sent(COST, 0), 0, null, "answered");
    expect(pace.wait(50, 0)).toBeGreaterThan(0);
    expect(pace.wait(40, 0)).toBe(0);
  });

  it("sends one after the other if nothing is restored", () => {
    const pace = new Pace(0);
    const still = { maximumAvailable: 100, restoreRate: 0, currentlyAvailable: 0 };
    pace.ended(pace.sent(COST, 0), 0, still, "throttled");
    expect(pace.wait(COST, 0)).toBe(0);
    pace.sent(COST, 0);
    expect(pace.wait(COST, 0)).toBeNull();
  });

  it("sends fewer at once after operations that were not answered in time", () => {
    const pace = new Pace(0);
    const full = { maximumAvailable: 20_000, restoreRate: 10_000, currentlyAvailable: 20_000 };
    const flights: Flight[] = [];
    const fill = (now: number): number => {
      while (pace.wait(COST, now) === 0) flights.push(pace.sent(COST, now));
      return flights.length;
    };
    const endFirst = (now: number, end: FlightEnd): void => {
      const flight = flights.shift();
      if (flight) pace.ended(flight, now, end === "answered" ? full : null, end);
    };
    for (let now = 0; now < 100; now += 1) {
      fill(now);
      endFirst(now, "answered");
    }
    expect(fill(100)).toBe(64);
    while (flights.length > 0) endFirst(400, "timedOut");
    expect(fill(400)).toBe(32);
  });
});
