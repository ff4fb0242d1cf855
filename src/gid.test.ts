import { describe, expect, test } from "vitest";
import { isGid, isSameLineItem, subscriptionIdOf } from "./gid.js";

const ITEM = "gid://shopify/AppSubscriptionLineItem/1029266946";

describe("an id", () => {
  test.each([
    ["AppSubscriptionLineItem", `${ITEM}?v=1&index=1`],
    ["AppSubscriptionLineItem", ITEM],
    ["AppSubscription", "gid://shopify/AppSubscription/1"],
    ["AppUsageRecord", "gid://shopify/AppUsageRecord/1034618209"],
  ] as const)("of an %s: %s", (type, id) => {
    expect(isGid(type, id)).toBe(true);
  });

  test.each([
    ["AppSubscription", ITEM],
    ["AppUsageRecord", "gid://shopify/AppUsageRecord/"],
    ["AppUsageRecord", "gid://shopify/AppUsageRecord/x"],
    ["AppUsageRecord", "gid://shopify/AppUsageRecord/1/2"],
    ["AppUsageRecord", "gid://shopify/AppUsageRecord/1\n"],
    ["AppUsageRecord", "gid://elsewhere/AppUsageRecord/1"],
    ["AppUsageRecord", " gid://shopify/AppUsageRecord/1"],
    ["AppUsageRecord", "GID://shopify/AppUsageRecord/1"],
    ["AppUsageRecord", "1"],
    ["AppUsageRecord", "Z2lkOi8vU2hvcGlmeS9FeGFtcGxlLzE="],
    ["AppUsageRecord", ""],
    ["AppUsageRecord", 1],
    ["AppUsageRecord", null],
    ["AppUsageRecord", undefined],
  ] as const)("of an %s is not %j", (type, id) => {
    expect(isGid(type, id)).toBe(false);
  });
});

test.each([
  [`${ITEM}?v=1&index=1`, `${ITEM}?v=1&index=1`, true],
  [`${ITEM}?v=1&index=1`, `${ITEM}?index=1&v=2`, true],
  [`${ITEM}?v=1&index=1`, ITEM, true],
  [`${ITEM}?v=1&index=1`, `${ITEM}?v=1&index=0`, false],
  [`${ITEM}?v=1&index=1`, `${ITEM}0?v=1&index=1`, false],
  [`${ITEM}?v=1&index=1`, `${ITEM}?v=1&index=11`, false],
  ["something", "something", true],
  ["something", ITEM, false],
])("%s and %s are one line item: %s", (a, b, same) => {
  expect(isSameLineItem(a, b)).toBe(same);
  expect(isSameLineItem(b, a)).toBe(same);
});

test("a line item's id points to its subscription", () => {
  expect(subscriptionIdOf(`${ITEM}?v=1&index=1`)).toBe("gid://shopify/AppSubscription/1029266946");
  expect(subscriptionIdOf("something")).toBeNull();
});
