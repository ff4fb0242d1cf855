import { describe, expect, test, vi } from "vitest";
import { createAdminSimulator, type AdminSimulator } from "../index.js";
import { stableVersion } from "../../../test/stable-version.js";

const URL_2025_01 = "https://example.myshopify.com/admin/api/2025-01/graphql.json";
const INIT = {
  method: "POST",
  headers: { "content-type": "application/json", "x-shopify-access-token": "shpat_example" },
  body: JSON.stringify({ query: "{ currentAppInstallation { id } }" }),
} as const;

function setUp(): AdminSimulator {
  const admin = createAdminSimulator({ clock: "manual" });
  admin.addShop({ shop: "example.myshopify.com", accessToken: "shpat_example" });
  return admin;
}

test.each([
  ["a string", (admin: AdminSimulator) => admin.fetch(URL_2025_01, INIT)],
  ["a URL", (admin: AdminSimulator) => admin.fetch(new URL(URL_2025_01), INIT)],
  ["a Request", (admin: AdminSimulator) => admin.fetch(new Request(URL_2025_01, INIT))],
])("takes %s", async (_, send) => {
  const response = await send(setUp());
  expect(response).toBeInstanceOf(Response);
  expect(await response.json()).toHaveProperty("data.currentAppInstallation.id");
});

describe("hosts", () => {
  test("a shop that does not exist is not found", async () => {
    const { status } = await setUp().fetch(URL_2025_01.replace("example", "nobody"), INIT);
    expect(status).toBe(404);
  });

  test("another shop's token is no key", async () => {
    const admin = setUp();
    admin.addShop({ shop: "other.myshopify.com", accessToken: "shpat_other" });
    const { status } = await admin.fetch(URL_2025_01.replace("example", "other"), INIT);
    expect(status).toBe(401);
  });

  test("there are no others", async () => {
    await expect(setUp().fetch("https://shopify.example/")).rejects.toMatchObject({
      message: "fetch failed",
      cause: { code: "ENOTFOUND" },
    });
  });
});

describe("a signal", () => {
  test("that was aborted before: nothing is sent", async () => {
    const admin = setUp();
    const signal = AbortSignal.abort(new Error("too late"));
    await expect(admin.fetch(URL_2025_01, { ...INIT, signal })).rejects.toThrow("too late");
    expect(admin.requests).toEqual([]);
  });

  test("that is aborted meanwhile: the app hears at once, and the request goes on", async () => {
    const admin = setUp();
    admin.faults.latency(1000);
    const controller = new AbortController();
    const answer = admin.fetch(URL_2025_01, { ...INIT, signal: controller.signal });
    await vi.waitUntil(() => admin.clock.waiting === 1);
    controller.abort(new Error("never mind"));
    await expect(answer).rejects.toThrow("never mind");
    admin.clock.advance(1000);
    await vi.waitUntil(() => admin.requests[0]?.status === 200);
  });
});

test("an abort is heard after any time, also for a Request that nobody else holds", async () => {
  const collect = await garbageCollector();
  const admin = setUp();
  admin.faults.next("noAnswerBefore");
  const controller = new AbortController();
  const answer = admin.fetch(new Request(URL_2025_01, { ...INIT, signal: controller.signal }));
  await vi.waitUntil(() => admin.requests[0]?.duration === 0);
  collect();
  controller.abort(new Error("gave up"));
  await expect(answer).rejects.toThrow("gave up");
});

async function garbageCollector(): Promise<() => void> {
  const { setFlagsFromString } = await import("node:v8");
  const { runInNewContext } = await import("node:vm");
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void; // as the flag promises
}

describe("a redirect", () => {
  test("is handed over where it is not to be followed", async () => {
    const admin = setUp();
    admin.faults.next("redirect");
    const { status } = await admin.fetch(URL_2025_01, { ...INIT, redirect: "manual" });
    expect(status).toBe(307);
  });

  test("is an error where it must not happen", async () => {
    const admin = setUp();
    admin.faults.next("redirect");
    await expect(admin.fetch(URL_2025_01, { ...INIT, redirect: "error" })).rejects.toThrow(
      new TypeError("fetch failed"),
    );
  });

  test("that is followed takes the token to the other host, and the log shows it", async () => {
    const admin = setUp();
    admin.faults.next("redirect");
    await expect(admin.fetch(URL_2025_01, INIT)).rejects.toThrow(TypeError);
    expect(admin.requests.map(({ host, hasToken }) => [host, hasToken])).toEqual([
      ["example.myshopify.com", true],
      ["elsewhere.example", true],
    ]);
  });

  test("that is followed within the shop arrives", async () => {
    const admin = setUp();
    admin.faults.next({
      name: "redirect",
      location: URL_2025_01.replace("2025-01", stableVersion(1)),
    });
    const response = await admin.fetch(URL_2025_01, INIT);
    expect(response.headers.get("x-shopify-api-version")).toBe(stableVersion(1));
  });
});

test("the confirmation page is served without a listener", async () => {
  const admin = setUp();
  const [shop] = admin.shops;
  const subscription = shop?.createSubscription({
    cappedAmount: { amount: 100, currencyCode: "USD" },
  });
  const url = subscription?.confirmationUrl ?? "";
  expect(url).toMatch(/^https:\/\/example\.myshopify\.com\/admin\/charges\//);
  expect((await admin.fetch(url)).status).toBe(200);
  const body = new URLSearchParams({ decision: "approve" });
  const { status } = await admin.fetch(url, { method: "POST", body, redirect: "manual" });
  expect(status).toBe(302);
  expect(subscription?.status).toBe("ACTIVE");
});
