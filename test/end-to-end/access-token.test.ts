/** How an app's token function is called. */
import { inspect } from "node:util";
import { describe, expect, test, vi } from "vitest";
import { CHARGE, serveShop, settled, TOKEN } from "./served-shop.js";

describe("a token function", () => {
  test("is called once for all calls that wait for it, so that a refresh token is used once", async () => {
    const { admin, client } = await serveShop();
    let refreshes = 0;
    let fresh = false;
    const billing = client({
      accessToken: async () => {
        if (!fresh) {
          refreshes += 1;
          await new Promise((resolve) => {
            setTimeout(resolve, 20);
          });
          fresh = true;
        }
        return TOKEN;
      },
    });
    const rows = Array.from({ length: 20 }, (_, row) => ({
      ...CHARGE,
      idempotencyKey: `row-${row}`,
    }));

    const outcomes: unknown[] = [];
    for await (const { result } of billing.createUsageRecords(rows, { concurrency: 10 })) {
      outcomes.push(result?.ok);
    }

    expect(refreshes).toBe(1);
    expect(outcomes).toEqual(Array.from({ length: 20 }, () => true));
    expect(admin.ledger).toHaveLength(20);
  });

  test("that fails gives each call that waits an error of its own", async () => {
    const { admin, client, lineItemId } = await serveShop();
    let asked = 0;
    const billing = client({
      retry: { minDelay: 0, maxDelay: 0 },
      accessToken: async () => {
        asked += 1;
        if (asked === 1) return TOKEN;
        // Both calls wait for this one.
        await vi.waitFor(() => expect(waiting).toBe(2), 20_000);
        throw new Error("The database is down");
      },
    });
    admin.faults.next("lostAfter");
    let waiting = 0;
    const charge = (idempotencyKey: string): Promise<unknown> =>
      settled(
        billing.createUsageRecord({
          ...CHARGE,
          idempotencyKey,
          subscriptionLineItemId: lineItemId,
        }),
      );
    const first = charge("sent");
    await vi.waitFor(() => expect(asked).toBe(2), 20_000);
    waiting = 1;
    const second = charge("never sent");
    waiting = 2;

    const outcomes = await Promise.all([first, second]);

    expect(admin.ledger).toMatchObject([{ idempotencyKey: "sent" }]);
    expect(outcomes).toMatchObject([
      { name: "AccessTokenError", idempotencyKey: "sent", certainty: "unknown", attempts: 1 },
      {
        name: "AccessTokenError",
        idempotencyKey: "never sent",
        certainty: "notApplied",
        attempts: 0,
      },
    ]);
  });

  test("that is under way gives its token to each call that comes meanwhile", async () => {
    const { client, lineItemId } = await serveShop();
    const give: ((token: string) => void)[] = [];
    const billing = client({
      accessToken: () => new Promise((resolve) => give.push(resolve)),
    });
    const charge = { ...CHARGE, subscriptionLineItemId: lineItemId };
    const results = Array.from({ length: 5 }, () => billing.createUsageRecord(charge));
    await vi.waitUntil(() => give.length > 0, 20_000);

    give[0]?.(TOKEN);

    for (const result of await Promise.all(results)) expect(result.ok).toBe(true);
    expect(give).toHaveLength(1);
  });

  test("that fails is called again once, for all calls that waited", async () => {
    const { client, lineItemId } = await serveShop();
    let calls = 0;
    let running = 0;
    const most: number[] = [];
    let fail = (_: Error): void => undefined;
    const billing = client({
      accessToken: async () => {
        calls += 1;
        running += 1;
        most.push(running);
        try {
          if (calls > 1) return TOKEN;
          return await new Promise<string>((_, reject) => {
            fail = reject;
          });
        } finally {
          running -= 1;
        }
      },
    });
    const charge = { ...CHARGE, subscriptionLineItemId: lineItemId };
    const outcomes = Array.from({ length: 5 }, () => settled(billing.createUsageRecord(charge)));
    await vi.waitUntil(() => calls === 1, 20_000);

    fail(new Error("The refresh failed"));

    expect(await Promise.all(outcomes)).toMatchObject([
      { name: "AccessTokenError" },
      { ok: true },
      { ok: true },
      { ok: true },
      { ok: true },
    ]);
    expect(calls).toBe(2);
    expect(Math.max(...most)).toBe(1);
  });

  test("that never answers fails its calls within the timeout, and the next call is sent", async () => {
    const { admin, client, lineItemId } = await serveShop();
    let hangs = true;
    const billing = client({
      timeout: 100,
      accessToken: () => (hangs ? new Promise<string>(() => undefined) : TOKEN),
    });
    const charge = { ...CHARGE, subscriptionLineItemId: lineItemId };

    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => settled(billing.createUsageRecord(charge))),
    );
    hangs = false;

    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        name: "AccessTokenError",
        certainty: "notApplied",
        retryable: true,
        attempts: 0,
        message: expect.stringContaining("within 100 ms"),
      });
    }
    expect(await billing.createUsageRecord(charge)).toMatchObject({ ok: true });
    expect(admin.ledger).toHaveLength(1);
  });

  test("that hangs for another call does not fail a call that came later", async () => {
    const { client, lineItemId } = await serveShop();
    let calls = 0;
    const billing = client({
      timeout: 100,
      accessToken: () => {
        calls += 1;
        return calls === 1 ? new Promise<string>(() => undefined) : TOKEN;
      },
    });
    const charge = { ...CHARGE, subscriptionLineItemId: lineItemId };

    const first = settled(billing.createUsageRecord(charge));
    const second = billing.createUsageRecord(charge);

    expect(await first).toMatchObject({ name: "AccessTokenError" });
    expect(await second).toMatchObject({ ok: true });
  });

  test("that fails is an AccessTokenError with its reason, not an AuthenticationError", async () => {
    const { admin, client } = await serveShop();
    const accessToken = vi.fn(async (): Promise<string> => {
      throw new Error("The database is down");
    });

    const outcome = await settled(client({ accessToken }).createUsageRecord(CHARGE));

    expect(outcome).toMatchObject({
      name: "AccessTokenError",
      message: expect.stringContaining("The database is down"),
      certainty: "notApplied",
      retryable: true,
    });
    expect(accessToken).toHaveBeenCalledTimes(1);
    expect(admin.requests).toHaveLength(0);
  });
});

test("an error of a token function does not show the token that it returned before", async () => {
  const { client, lineItemId } = await serveShop();
  let calls = 0;
  const billing = client({
    accessToken: async () => {
      calls += 1;
      if (calls === 1) return TOKEN;
      throw new Error(`Could not refresh ${TOKEN}`);
    },
  });
  const charge = { ...CHARGE, subscriptionLineItemId: lineItemId };
  await billing.createUsageRecord(charge);

  const error = await settled(billing.createUsageRecord(charge));

  expect(error).toMatchObject({
    name: "AccessTokenError",
    message: "The accessToken function failed: Could not refresh [redacted]",
  });
  expect(inspect(error, { depth: 5 })).not.toContain(TOKEN);
});

test("a token as short as a test's destroys no text", async () => {
  const accessToken = "test";
  const { client } = await serveShop({ shop: { accessToken }, client: { accessToken } });

  const line = await client({ accessToken }).activeUsageLineItem();

  expect(line?.subscription.id).toContain("gid://shopify/AppSubscription/");
});
