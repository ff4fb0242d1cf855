import { Session } from "@shopify/shopify-api";
import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../errors/index.js";
import { createAdminSimulator } from "../testing/index.js";
import { createUsageBillingClient } from "../versions/2026-10.js";
import { fromSession, type ShopifySession } from "./index.js";

const shop = "example.myshopify.com";

function sessionWith(params: {
  accessToken?: string;
  expires?: Date;
  isOnline?: boolean;
}): Session {
  const isOnline = params.isOnline ?? false;
  return new Session({ id: `offline_${shop}`, shop, state: "", isOnline, ...params });
}

describe("fromSession", () => {
  it("gives the options of a client that charges", async () => {
    const admin = createAdminSimulator();
    const cappedAmount = { amount: "100.00", currencyCode: "USD" };
    admin
      .addShop({ shop, accessToken: "shpat_1" })
      .createSubscription({ cappedAmount, status: "ACTIVE" });
    const session = sessionWith({ accessToken: "shpat_1" });
    const billing = createUsageBillingClient({ ...fromSession(session), fetch: admin.fetch });

    const result = await billing.createUsageRecord({
      description: "1000 emails",
      price: { amount: "1.00", currencyCode: "USD" },
      idempotencyKey: "event-1",
    });

    expect(result).toMatchObject({ ok: true, usageRecord: { idempotencyKey: "event-1" } });
    expect(admin.ledger).toHaveLength(1);
  });

  it("takes only the shop and the token of the session", () => {
    const expires = new Date(Date.now() + 60_000);
    const session = sessionWith({ accessToken: "shpat_1", expires, isOnline: true });
    expect(fromSession(session)).toEqual({ shop, accessToken: "shpat_1" });
  });

  it("takes a row that a session was stored in", () => {
    const row = { id: "offline", shop, accessToken: "shpat_1", expires: null, userId: null };
    expect(fromSession(row)).toEqual({ shop, accessToken: "shpat_1" });
  });

  const soon = new Date(Date.now() + 60_000);
  const past = new Date(Date.now() - 60_000);

  /** A moment as sessions are stored with it: in JSON, in Redis, in SQL, by hand. */
  const stored: [string, (moment: Date) => unknown][] = [
    ["a Date", (moment) => moment],
    ["JSON", (moment) => JSON.parse(JSON.stringify(moment))],
    ["milliseconds", (moment) => moment.getTime()],
    ["seconds", (moment) => Math.floor(moment.getTime() / 1000)],
    ["milliseconds as text", (moment) => String(moment.getTime())],
    ["seconds as text", (moment) => String(Math.floor(moment.getTime() / 1000))],
    ["text with an offset", (moment) => moment.toISOString().replace("Z", "+00:00")],
  ];

  it.each(stored)("reads `expires` as %s", (_, store) => {
    const session = (moment: Date): ShopifySession =>
      JSON.parse(JSON.stringify({ shop, accessToken: "shpat_1", expires: store(moment) }));

    expect(fromSession(session(soon))).toEqual({ shop, accessToken: "shpat_1" });
    expect(() => fromSession(session(past))).toThrow(/^session\.expires must be in the future/);
  });

  it("takes what Shopify's own stores write and read", () => {
    const session = sessionWith({ accessToken: "shpat_1", expires: soon });
    const row = Object.fromEntries(session.toPropertyArray());
    expect(fromSession(JSON.parse(JSON.stringify(row)))).toMatchObject({ accessToken: "shpat_1" });
    const read = Session.fromPropertyArray(Object.entries(row));
    expect(fromSession(read)).toMatchObject({ accessToken: "shpat_1" });
  });

  it.each([null, undefined, ""])("takes %j for a token that does not expire", (expires) => {
    expect(fromSession({ shop, accessToken: "shpat_1", expires })).toMatchObject({ shop });
  });

  it.each(["tomorrow", Number.NaN])("refuses %j as a moment", (expires) => {
    expect(() => fromSession({ shop, accessToken: "shpat_1", expires })).toThrow(
      /^session\.expires must be a Date, ISO 8601 or a Unix time/,
    );
  });

  it.each([{}, { accessToken: "" }])("refuses a session without access token: %j", (params) => {
    expect(() => fromSession(sessionWith(params))).toThrow(InvalidInputError);
    expect(() => fromSession(sessionWith(params))).toThrow(/^session\.accessToken is missing/);
  });

  it("refuses an expired session, and does not show its token", () => {
    const session = sessionWith({ accessToken: "shpat_1", expires: new Date(0) });
    expect(() => fromSession(session)).toThrow(
      "session.expires must be in the future, got 1970-01-01T00:00:00.000Z",
    );
    expect(() => fromSession(session)).not.toThrow(/shpat/);
  });
});
