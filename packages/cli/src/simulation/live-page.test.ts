import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, onTestFinished, test } from "vitest";
import { cliUnderTest, jsonLines } from "../cli-under-test.js";
import type { ActivityDetails } from "./activity.js";
import { act, startSimulator, states, stateThat, type Place } from "./simulator-under-test.js";
import type { Snapshot } from "./snapshot.js";

const cli = cliUnderTest();
const simulate = (...args: string[]): Promise<Place> => startSimulator(cli, ...args);
const FILES = ["/", "/page.css", "/page.js"];
const PATHS = [...FILES, "/events", "/connection", "/activity/x"];

/** Sends a request with any `Host`, which fetch does not allow. */
function send(
  place: Place,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(place.url);
    const sent = request({ port, path, method, headers }, async (response) => {
      resolve({ status: response.statusCode ?? 0, body: await text(response) });
    });
    sent.on("error", reject);
    sent.end(method === "POST" ? '{"action":"drain"}' : undefined);
  });
}

async function details(place: Place, id: string | undefined): Promise<ActivityDetails> {
  const response = await fetch(`${place.url}/activity/${id}`);
  const details: ActivityDetails = JSON.parse(await response.text());
  return details;
}

describe("what the page serves", () => {
  test("loads nothing from elsewhere", async () => {
    const { url } = await simulate();
    for (const path of FILES) {
      const response = await fetch(url + path);
      expect(response.status).toBe(200);
      const policy = response.headers.get("content-security-policy");
      expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; /);
      expect(policy).not.toContain("unsafe");
      expect(await response.text()).not.toMatch(/(?:src|href)="https?:|@import|url\(/);
    }
    expect((await fetch(`${url}/other`)).status).toBe(404);
    expect((await fetch(`${url}/page.js`, { method: "PUT" })).status).toBe(404);
  });

  test("shows a charge, its request, and a fault as they come", async () => {
    const place = await simulate();
    const charged = stateThat(place, ({ chargeCount }) => chargeCount === 1);
    const description = "<script>alert(1)</script>";
    const fault = { action: "fault", name: "lostAfter", times: 1, target: "mutations" };
    expect((await act(place, fault)).body).toEqual({
      done: "lostAfter waits for the next request.",
    });
    const lost = await act(place, { action: "charge", amount: "1.00", description });
    expect(lost.body).toEqual({ done: "The connection broke." });
    expect((await charged).charges).toMatchObject([{ description, attempts: 1 }]);
    const { activity, armed } = await stateThat(place, ({ activity }) => activity.length > 0);
    expect(activity).toMatchObject([{ kind: "request", outcome: "lostAfter", cost: 10 }]);
    expect(armed).toEqual([]);
    const { facts, texts } = await details(place, activity[0]?.id);
    expect(facts).toContainEqual(["Status", "no response"]);
    expect(texts.map(([title]) => title)).toEqual(["Query", "Variables", "Response"]);
    expect(texts[1]?.[1]).toContain(`"description": "${description}"`);
    expect(texts[2]?.[1]).toBe("Nothing was sent.");
  });

  test("has one outcome for each request: the fault, the error, the user error, or the status", async () => {
    const place = await simulate("--cap", "2");
    const charge = { action: "charge", amount: "1.50", description: "1000 emails", key: "order-1" };
    expect((await act(place, charge)).body).toEqual({ done: "Charged." });
    expect((await act(place, { ...charge, key: "order-2" })).body).toEqual({
      done: "Shopify's response: Total price exceeds balance remaining",
    });
    await act(place, { action: "fault", name: "throttled", times: 1, target: "all" });
    await act(place, charge);
    await act(place, { action: "fault", name: "tooManyRequests", times: 1, target: "all" });
    await act(place, charge);
    const headers = { "x-shopify-access-token": "wrong" };
    await fetch(place.endpoint, { method: "POST", headers });
    const { activity } = await stateThat(place, ({ activity }) => activity.length === 5);
    expect(activity.map(({ outcome, tone }) => [outcome, tone])).toEqual([
      ["401", "bad"],
      ["tooManyRequests", "near"],
      ["throttled", "near"],
      ["user error", "near"],
      ["200", "well"],
    ]);
  });

  test.each([
    ["slowBody", /^\{\n {2}"data"[^]*\}$/],
    ["truncatedBody", /^\{"data":.*[^}]$/],
    ["emptyBody", /^The body is empty\.$/],
    ["brokenJson", /^\{"data":.*<!-- $/],
  ])("shows what was sent of a response: %s", async (name, shown) => {
    const place = await simulate();
    await act(place, { action: "fault", name, times: 1, target: "mutations" });
    await act(place, { action: "charge", amount: "1.00", description: "1000 emails" });
    const { activity } = await stateThat(place, ({ activity }) => activity[0]?.outcome === name);
    const { texts } = await details(place, activity[0]?.id);
    expect(texts.at(-1)).toEqual(["Response", expect.stringMatching(shown)]);
  });

  test("shows webhooks with their deliveries, and the faults they meet", async () => {
    const place = await simulate("--speed", "0");
    const got: string[] = [];
    const app = createServer(async (request, response) => {
      got.push(await text(request));
      response.writeHead(got.length === 1 ? 503 : 200).end();
    });
    await new Promise<void>((resolve) => void app.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void app.close());
    const { port } = app.address() as AddressInfo; // a server that listens on TCP has one
    const url = `http://127.0.0.1:${port}/webhooks`;
    expect((await act(place, { action: "webhooks", url })).body).toEqual({
      done: `Webhooks go to ${url}.`,
    });
    const { shop } = await stateThat(place, ({ shop }) => shop.webhooksTo === url);
    const id = shop.subscriptions[0]?.id;
    await act(place, { action: "freeze", id });
    const failed = await stateThat(place, ({ activity }) => activity[0]?.outcome === "503");
    expect(failed.activity).toMatchObject([
      { kind: "webhook", title: "app_subscriptions_update", tone: "bad" },
    ]);
    await act(place, { action: "advance", milliseconds: 60_000 });
    const done = await stateThat(place, ({ activity }) => activity[0]?.outcome === "200");
    expect(done.activity[0]?.note).toBe("sent 2 times");
    const { texts } = await details(place, done.activity[0]?.id);
    expect(texts[0]?.[1]).toMatch(/ {2}503\n.* {2}200$/);
    expect(JSON.parse(texts[1]?.[1] ?? "")).toEqual(JSON.parse(got[0] ?? ""));

    await act(place, { action: "fault", name: "twice", times: 2, target: "webhooks" });
    await act(place, { action: "unfreeze", id });
    const { activity, armed } = await stateThat(place, ({ armed }) => armed[0]?.times === 1);
    expect(activity.map(({ outcome }) => outcome)).toContain("twice");
    expect(armed).toEqual([{ name: "twice", target: "webhooks", times: 1 }]);
  });

  test("never holds a token, apart from what an app needs to connect", async () => {
    const place = await simulate("--expiring-tokens", "--access-token", "shpat_secret");
    await act(place, { action: "fault", name: "echo", times: 1, target: "all" });
    await act(place, { action: "charge", amount: "1", description: "shpat_secret" });
    const state = await stateThat(place, ({ activity }) => activity.length === 1);
    const opened = JSON.stringify(await details(place, state.activity[0]?.id));
    expect(opened).toContain("x-shopify-access-token: [token]");
    expect(JSON.stringify(state.activity) + opened).not.toMatch(/shp(?:at|rt)_/);
    expect(await (await fetch(`${place.url}/connection`)).json()).toMatchObject({
      accessToken: "shpat_secret",
      refreshToken: place.refreshToken,
    });
  });

  test("ends its streams when the simulator ends", async () => {
    const place = await simulate("--quiet");
    const seen: Snapshot[] = [];
    const listening = (async () => {
      for await (const state of states(place)) seen.push(state);
    })();
    await expect.poll(() => seen.length).toBe(1);
    place.running.process.kill("SIGINT");
    await listening;
    const { exitCode, stdout } = await place.running.ended;
    expect(jsonLines(stdout)).toHaveLength(1);
    expect(exitCode).toBe(0);
  });
});

describe("what the page can do", () => {
  test("approves and declines, freezes and unfreezes, cancels", async () => {
    const place = await simulate();
    const env = {
      USAGE_BILLING_SHOP: place.shop,
      USAGE_BILLING_ACCESS_TOKEN: place.accessToken,
      USAGE_BILLING_ENDPOINT: place.endpoint,
    };
    await cli.run(["raise-cap", "--amount", "200"], { env });
    const { shop } = await stateThat(place, () => true);
    const id = shop.approvals[0]?.id;
    expect((await act(place, { action: "approve", id })).body).toEqual({ done: "Approved." });
    expect((await act(place, { action: "approve", id })).status).toBe(400);
    await cli.run(["raise-cap", "--amount", "300"], { env });
    expect((await act(place, { action: "decline", id })).body).toEqual({ done: "Declined." });
    const { stdout } = await cli.run(["balance"], { env });
    expect(stdout).toContain("of 200.00 USD");
    for (const [action, status] of [
      ["freeze", "FROZEN"],
      ["unfreeze", "ACTIVE"],
      ["cancel", "CANCELLED"],
    ]) {
      await act(place, { action, id });
      const { shop } = await stateThat(place, () => true);
      expect(shop.subscriptions).toMatchObject([{ status }]);
    }
  });

  test("advances the time, drains the bucket, clears the faults", async () => {
    const place = await simulate("--speed", "0");
    const before = await stateThat(place, () => true);
    await act(place, { action: "advance", milliseconds: 86_400_000 });
    await act(place, { action: "drain" });
    await act(place, { action: "fault", name: "echo", times: 3, target: "all" });
    const after = await stateThat(place, () => true);
    expect(after.now - before.now).toBe(86_400_000);
    expect(after.shop.bucket.currentlyAvailable).toBe(0);
    expect(after.armed).toEqual([{ name: "echo", target: "all", times: 3 }]);
    await act(place, { action: "clearFaults" });
    expect((await stateThat(place, () => true)).armed).toEqual([]);
  });

  test.each([
    [{ action: "dance" }, 'Unknown action "dance"'],
    [{ action: "approve" }, "id must not be empty"],
    [{ action: "approve", id: "x" }, /usage-app has nothing with this id/],
    [{ action: "advance", milliseconds: -1 }, /clock.advance takes milliseconds/],
    [{ action: "advance", milliseconds: 1e300 }, /clock.advance takes .* the year 9999/],
    [{ action: "advance", milliseconds: "much" }, 'milliseconds must be a number, got "much"'],
    [{ action: "fault", name: "wrong", times: 1, target: "all" }, 'Unknown fault "wrong" of all'],
    [{ action: "fault", name: "echo", times: 1, target: "webhooks" }, /"echo" of webhooks/],
    [{ action: "fault", name: "echo", times: 0, target: "all" }, /times must be a whole number/],
    [{ action: "fault", name: "echo", times: 1e300, target: "all" }, /from 1 to 1000, got 1e\+300/],
    [{ action: "fault", name: "echo", times: 1, target: "none" }, /target must be one of/],
    [{ action: "webhooks", url: "javascript:alert(1)" }, /to must be an HTTP URL/],
    [{ action: "webhooks", url: "file:///etc/passwd" }, /to must be an HTTP URL/],
    [["action"], "An action must be a JSON object"],
  ])("refuses %j in one line, and goes on", async (action, problem) => {
    const place = await simulate();
    const { status, body } = await act(place, action);
    expect(status).toBe(400);
    expect(body).toEqual({ problem: expect.stringMatching(problem) });
    expect(JSON.stringify(body)).not.toContain(String.raw`\n`);
    expect((await act(place, { action: "drain" })).status).toBe(200);
  });

  test("refuses what is not JSON in one line", async () => {
    const { url } = await simulate();
    const headers = { "content-type": "application/json; charset=utf-8" };
    const response = await fetch(`${url}/actions`, { method: "POST", headers, body: "{" });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ problem: expect.stringMatching(/^.+$/) });
  });
});

describe("a page elsewhere", () => {
  test.each(["https://evil.example", "http://localhost.evil.example", "null"])(
    "of %s reads nothing and changes nothing",
    async (origin) => {
      const place = await simulate();
      const { host } = new URL(place.url);
      for (const path of PATHS) {
        expect((await send(place, "GET", path, { host, origin })).status).toBe(403);
      }
      const json = { "content-type": "application/json" };
      const sent = await send(place, "POST", "/actions", { host, origin, ...json });
      expect(sent.status).toBe(403);
      expect(sent.body).toMatch(/^.+\n$/);
      const { shop } = await stateThat(place, () => true);
      expect(shop.bucket.currentlyAvailable).toBe(2000);
    },
  );

  test.each(["evil.example", "127.0.0.1.evil.example", "localhost:1"])(
    "whose name %j points to this machine reads nothing and changes nothing",
    async (host) => {
      const place = await simulate();
      const json = { "content-type": "application/json" };
      for (const path of PATHS) {
        const { status, body } = await send(place, "GET", path, { host });
        expect([400, 403, 421]).toContain(status);
        expect(body).not.toContain(place.accessToken);
      }
      for (const more of [{}, { origin: `http://${host}` }]) {
        const { status } = await send(place, "POST", "/actions", { host, ...json, ...more });
        expect([400, 403, 421]).toContain(status);
      }
      const { shop } = await stateThat(place, () => true);
      expect(shop.bucket.currentlyAvailable).toBe(2000);
    },
  );

  test("cannot send a form, even where a browser leaves the origin out", async () => {
    const place = await simulate();
    const { host } = new URL(place.url);
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "text/application/json",
    ]) {
      const sent = await send(place, "POST", "/actions", { host, "content-type": type });
      expect(sent.status).toBe(415);
    }
  });

  test("is not this page, by both of its names", async () => {
    const place = await simulate();
    const { port } = new URL(place.url);
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`]) {
      const headers = { host, origin: `http://${host}`, "content-type": "application/json" };
      expect((await send(place, "POST", "/actions", headers)).status).toBe(200);
    }
  });
});
