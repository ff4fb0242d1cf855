import { expect, test } from "vitest";
import { costOf } from "./cost.js";

const COST = {
  requestedQueryCost: 10,
  actualQueryCost: 8,
  throttleStatus: { maximumAvailable: 2000, currentlyAvailable: 1992, restoreRate: 100 },
};

test("what an answer cost", () => {
  expect(costOf({ cost: COST })).toEqual({
    requested: 10,
    actual: 8,
    throttle: { maximumAvailable: 2000, currentlyAvailable: 1992, restoreRate: 100 },
  });
});

test("of a throttled request nothing was used", () => {
  expect(costOf({ cost: { ...COST, actualQueryCost: null } })).toMatchObject({ actual: null });
});

test.each([
  undefined,
  null,
  {},
  "cost",
  { cost: null },
  { cost: { ...COST, requestedQueryCost: "10" } },
  { cost: { ...COST, requestedQueryCost: -1 } },
  { cost: { ...COST, throttleStatus: null } },
  { cost: { ...COST, throttleStatus: { ...COST.throttleStatus, restoreRate: Number.NaN } } },
  { cost: { ...COST, throttleStatus: { maximumAvailable: 2000, currentlyAvailable: 1992 } } },
])("%j tells no cost", (extensions) => {
  expect(costOf(extensions)).toBeNull();
});
