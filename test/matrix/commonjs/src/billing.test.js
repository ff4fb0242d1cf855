// Jest runs this as it is written: without a transform, in CommonJS.
const { charge, refusal, versions } = require("../out/billing.js");

test("charges on the simulator", async () => {
  const result = await charge("event-1");
  expect(result).toMatchObject({ ok: true, usageRecord: { price: { amount: "1.0" } } });
});

test("recognizes an error of another entry", () => {
  expect(refusal()).toBe("InvalidInputError");
});

test("knows the versions", () => {
  expect(versions).toContain("2026-10");
});
