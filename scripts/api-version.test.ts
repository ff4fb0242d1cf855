import { describe, expect, it } from "vitest";
import {
  checkApiVersion,
  datesOf,
  inOrder,
  isRetired,
  previousVersion,
  replacementFor,
} from "./api-version.js";

describe("names", () => {
  it.each(["2025-01", "2027-10", "unstable"])("accepts %s", (version) => {
    expect(checkApiVersion(version)).toBe(version);
  });

  it.each(["2027-1", "2027-02", "latest", "", "2027-01/../..", "2027-01\n"])(
    "refuses %j",
    (version) => {
      expect(() => checkApiVersion(version)).toThrow(
        "VERSION must be a year with the first month of a quarter",
      );
    },
  );
});

describe("order", () => {
  it("is by age, with unstable as the newest", () => {
    expect(inOrder(["unstable", "2026-10", "2025-01", "2026-01"])).toEqual([
      "2025-01",
      "2026-01",
      "2026-10",
      "unstable",
    ]);
  });

  it("finds what a version comes from", () => {
    const versions = ["unstable", "2026-10", "2025-01"];
    expect(previousVersion("2027-01", versions)).toBe("2026-10");
    expect(previousVersion("unstable", versions)).toBe("2026-10");
    expect(previousVersion("2025-04", versions)).toBe("2025-01");
    expect(previousVersion("2025-01", versions)).toBeUndefined();
  });
});

describe("dates", () => {
  // As Shopify's schedule has them.
  it.each([
    ["2025-07", "2025-07-01", "2026-07-16"],
    ["2026-10", "2026-10-01", "2027-10-16"],
  ])("follow the schedule: %s", (version, released, retires) => {
    expect(datesOf(version)).toEqual({ released, retires });
  });

  it("do not exist for unstable", () => {
    expect(datesOf("unstable")).toBeUndefined();
  });
});

describe("retirement", () => {
  it("is on the last day of the schedule", () => {
    expect(isRetired("2025-10", "2026-10-15")).toBe(false);
    expect(isRetired("2025-10", "2026-10-16")).toBe(true);
    expect(isRetired("unstable", "2099-01-01")).toBe(false);
  });

  it("leads to the newest version that is released", () => {
    const versions = ["2025-01", "2026-07", "2026-10", "2027-01", "unstable"];
    expect(replacementFor(versions, "2026-11-26")).toBe("2026-10");
    expect(replacementFor(versions, "2026-09-30")).toBe("2026-07");
    expect(replacementFor(["2025-01", "unstable"], "2026-11-26")).toBeUndefined();
  });
});
