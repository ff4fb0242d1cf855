import type { UsageRecord } from "shopify-usage-billing/react";
import { expect, test } from "vitest";
import { toCsv } from "./csv.js";
import { paceOf } from "./pace.js";
import { daysLeft, periodUntil } from "./period.js";
import { usageByDay } from "./usage-by-day.js";

function record(createdAt: string, amount: string, description = "Usage"): UsageRecord {
  return {
    id: `gid://shopify/AppUsageRecord/${Date.parse(createdAt)}`,
    createdAt,
    description,
    idempotencyKey: null,
    price: { amount, currencyCode: "USD" },
    subscriptionLineItem: {
      id: "gid://shopify/AppSubscriptionLineItem/1?v=1&index=0",
      plan: {
        pricingDetails: {
          __typename: "AppUsagePricing",
          balanceUsed: { amount: "0.0", currencyCode: "USD" },
          cappedAmount: { amount: "100.0", currencyCode: "USD" },
          interval: "EVERY_30_DAYS",
          terms: "",
        },
      },
    },
  };
}

const period = { start: new Date(2026, 2, 1, 12), end: new Date(2026, 2, 31, 12) };
const at = (day: number, hour: number): string => new Date(2026, 2, day, hour).toISOString();

test("sums each day and the period up to it", () => {
  const records = [
    record(at(1, 11), "5.0"), // Before the period.
    record(at(1, 13), "0.1"),
    record(at(2, 1), "0.2"),
    record(at(2, 23), "0.05"),
  ];
  const days = usageByDay(records, period, new Date(2026, 2, 3, 9));
  expect(days).toHaveLength(31);
  expect(days.slice(0, 3).map(({ amount, total, charges }) => [amount, total, charges])).toEqual([
    ["0.10", "0.10", 1],
    ["0.25", "0.35", 2],
    ["0.00", "0.35", 0],
  ]);
  expect(days.filter(({ future }) => future)).toHaveLength(28);
});

test("a period has 30 days, and a started day counts as left", () => {
  const found = periodUntil("2026-03-31T12:00:00Z");
  expect(found?.start.toISOString()).toBe("2026-03-01T12:00:00.000Z");
  expect(found && daysLeft(found, new Date("2026-03-30T11:00:00Z"))).toBe(2);
  expect(found && daysLeft(found, new Date("2026-04-02T11:00:00Z"))).toBe(0);
  expect(periodUntil(null)).toBeNull();
});

test("estimates the pace neither too early nor after the cap is reached", () => {
  const middle = new Date(2026, 2, 16, 12);
  expect(paceOf(30, 100, period, new Date(2026, 2, 2, 12))).toBeNull();
  expect(paceOf(0, 100, period, middle)).toBeNull();
  expect(paceOf(100, 100, period, middle)).toBeNull();
  expect(paceOf(30, 100, period, middle)?.total).toBeCloseTo(60, 0);
  expect(paceOf(30, 100, period, middle)?.capReached).toBeNull();
  expect(paceOf(80, 100, period, middle)?.capReached?.getDate()).toBe(20);
});

test("a file has every digit and no formula", () => {
  const file = toCsv([
    record("2026-03-01T00:00:00Z", "9007199254740993.001", 'A "quoted", text'),
    record("2026-03-02T00:00:00Z", "1.0", "=HYPERLINK(1)"),
  ]);
  expect(file.split("\r\n")).toEqual([
    "\uFEFFDate (UTC),Description,Amount,Currency,Usage record",
    '2026-03-01T00:00:00Z,"A ""quoted"", text",9007199254740993.001,USD,gid://shopify/AppUsageRecord/1772323200000',
    "2026-03-02T00:00:00Z,'=HYPERLINK(1),1.0,USD,gid://shopify/AppUsageRecord/1772409600000",
    "",
  ]);
});
