import { expect, test } from "vitest";
import { RecentMap } from "./recent-map.js";

test("the last entries are remembered, and older ones forgotten in the end", () => {
  const map = new RecentMap<number, string>(10);

  for (let key = 1; key <= 95; key += 1) map.set(key, `value ${key}`);

  for (let key = 86; key <= 95; key += 1) expect(map.get(key)).toBe(`value ${key}`);
  for (let key = 1; key <= 75; key += 1) expect(map.get(key)).toBeUndefined();
});

test("an entry that is set again has its new value, and counts as one of the last", () => {
  const map = new RecentMap<string, number>(3);

  map.set("a", 1);
  map.set("b", 1);
  map.set("c", 1);
  map.set("a", 2);
  map.set("d", 1);
  map.set("e", 1);

  expect(map.get("a")).toBe(2);
});
