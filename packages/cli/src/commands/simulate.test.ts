import { createServer } from "node:net";
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from "graphql";
import { describe, expect, onTestFinished, test } from "vitest";
import { FAULT_NAMES } from "shopify-usage-billing/testing";
import { cliUnderTest, jsonLines, type Running } from "../cli-under-test.js";

const cli = cliUnderTest();

interface Place {
  readonly running: Running;
  readonly url: string;
  readonly endpoint: string;
  readonly shop: string;
  readonly accessToken: string;
}

/** Starts a simulator, as a script would. */
async function simulate(...args: string[]): Promise<Place> {
  const running = cli.start(["simulate", "--port", "0", "--json", ...args]);
  const seen = await running.shows("\n");
  const place: Omit<Place, "running"> = JSON.parse(seen.split("\n", 1)[0] ?? "");
  return { running, ...place };
}

async function graphql({ endpoint, accessToken }: Place, query: string): Promise<unknown> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { "content-type": "application/json", "x-shopify-access-token": accessToken },
    body: JSON.stringify({ query }),
  });
  const { data }: { data: unknown } = JSON.parse(await response.text());
  return data;
}

async function act(place: Place, action: object): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${place.url}/actions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ shop: place.shop, ...action }),
  });
  return { status: response.status, body: await response.json() };
}

interface State {
  readonly now: number;
  readonly shops: readonly {
    readonly subscriptions: readonly { readonly id: string; readonly status: string }[];
    readonly approvals: readonly { readonly id: string; readonly kind: string }[];
    readonly bucket: { readonly currentlyAvailable: number };
  }[];
  readonly ledger: { readonly count: number; readonly records: readonly { description: string }[] };
  readonly requests: {
    readonly count: number;
    readonly records: readonly { fault: string | null }[];
  };
  readonly faults: { readonly armed: readonly object[] };
}

/** What the live page is told, each time something changes. */
async function* states({ url }: Place): AsyncGenerator<State, void, undefined> {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  const response = await fetch(`${url}/events`, { signal: controller.signal });
  let text = "";
  for await (const piece of response.body ?? []) {
    text += new TextDecoder().decode(piece);
    const events = text.split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) yield JSON.parse(event.replace(/^data: /, ""));
  }
}

async function stateThat(place: Place, holds: (state: State) => boolean): Promise<State> {
  for await (const state of states(place)) if (holds(state)) return state;
  throw new Error("The stream of events has ended");
}

describe("the simulator", () => {
  test("prints its page, endpoint, token and a request that works, and stops at Ctrl-C", async () => {
    const running = cli.start(["simulate", "--port", "0"]);
    const seen = await running.shows("Press Ctrl-C to stop.");
    const [, url] = /live page {2}(http:\/\/127\.0\.0\.1:\d+)\n/.exec(seen) ?? [];
    expect(seen).toContain(`endpoint   ${url}/admin/api/`);
    expect(seen).toContain("token      simulated-token");
    const [, endpoint = "", body = ""] = /curl (\S+) [\s\S]* -d '(.*)'/.exec(seen) ?? [];
    const response = await fetch(endpoint, {
      method: "POST",
      headers: { "content-type": "application/json", "x-shopify-access-token": "simulated-token" },
      body,
    });
    expect(await response.json()).toMatchObject({
      data: { currentAppInstallation: { activeSubscriptions: [{ name: "Pro plan" }] } },
    });
    await running.shows(/200 {2}currentAppInstallation/);
    running.process.kill("SIGINT");
    const { exitCode, stdout, stderr } = await running.ended;
    expect(stdout).toContain("Stopped, with 0 charges in the ledger.");
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
  });

  test("is a shop to every other command, with the environment that it prints", async () => {
    const running = cli.start(["simulate", "--port", "0", "--cap", "50", "--currency", "eur"]);
    const seen = await running.shows("Press Ctrl-C to stop.");
    const env = Object.fromEntries(
      [...seen.matchAll(/export (\w+)=(.*)/g)].map(([, name, value]) => [name, value]),
    );
    const charge = await cli.run(["charge", "--amount", "1.00", "--description", "1000 emails"], {
      env,
    });
    expect(charge.stdout).toContain("Charged 1.00 EUR to demo.myshopify.com");
    await running.shows(/charged 1\.00 EUR {2}1000 emails {2}key /);
  });

  test("is open to every GraphQL IDE: introspection, from pages of other origins", async () => {
    const place = await simulate();
    const data = await graphql(place, getIntrospectionQuery());
    const schema = buildClientSchema(data as IntrospectionQuery); // what the query is for
    expect(schema.getMutationType()?.getFields()).toHaveProperty("appUsageRecordCreate");
    const preflight = await fetch(place.endpoint, {
      method: "OPTIONS",
      headers: { origin: "https://ide.example" },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
  });

  test("starts with what it was given", async () => {
    const place = await simulate("--no-subscription", "--shop", "other.myshopify.com");
    expect(place.shop).toBe("other.myshopify.com");
    expect(await stateThat(place, () => true)).toMatchObject({
      shops: [{ subscriptions: [] }],
      ledger: { count: 0 },
    });
  });

  test("starts with a history, at a time, at a speed", async () => {
    const place = await simulate(
      "--history",
      "10",
      "--now",
      "2026-03-31T12:00:00Z",
      "--speed",
      "0",
    );
    const state = await stateThat(place, () => true);
    expect(state.now).toBe(Date.parse("2026-03-31T12:00:00Z"));
    expect(state.ledger.count).toBeGreaterThan(10);
  });

  test("injects faults at a rate, and answers late", async () => {
    const place = await simulate("--faults", "unauthorized=1", "--latency", "1-2");
    const response = await fetch(place.endpoint, {
      method: "POST",
      headers: { "x-shopify-access-token": place.accessToken },
    });
    expect(response.status).toBe(401);
    await place.running.shows('"fault":"unauthorized"');
  });

  test("takes the next port if the usual one is taken, and says so", async () => {
    const taken = createServer();
    onTestFinished(() => void taken.close());
    await new Promise<void>((resolve) => {
      // Where something else has it already, it is as well taken.
      taken.once("error", () => resolve());
      taken.listen(4000, "127.0.0.1", resolve);
    });
    const running = cli.start(["simulate", "--quiet"]);
    const seen = await running.shows("Press Ctrl-C to stop.");
    const [, port] = /Port 4000 is taken: using (\d+)\./.exec(seen) ?? [];
    expect(seen).toContain(`live page  http://127.0.0.1:${port}\n`);
  });

  test.each([
    [["--faults", "lostAfter"], "Expected faults with rates", 2],
    [["--faults", "wrong=1"], "Unknown fault", 2],
    [["--faults", "lostAfter=0.9,lostBefore=0.9"], "add up to 1 or less", 2],
    [["--latency", "long"], "Expected milliseconds", 2],
    [["--port", "70000"], "Expected a port", 2],
    [["--history", "-1"], "Expected a whole number", 2],
    [["--speed", "-1"], "clock.speed must be", 2],
    [["--seed", "1.5"], "seed must be a whole number", 2],
    [["--cap", "-5"], "must be a decimal above zero", 2],
    [["--currency", "dollars"], "must be a currency code", 2],
    [["--shop", "example.com"], "shop must be a domain", 2],
    [["--now", "then"], "--now must be a time", 2],
    [["--replay", "some"], "Allowed choices are successes, all", 2],
    [["--api-version", "2020-01"], "Unknown API version", 2],
  ])("refuses %s", async (args, message, expected) => {
    const { exitCode, stdout, stderr } = await cli.run(["simulate", "--port", "0", ...args]);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("    at ");
    expect(stdout).toBe("");
    expect(exitCode).toBe(expected);
  });

  test("fails if the port that was asked for is taken", async () => {
    const { url } = await simulate();
    const { port } = new URL(url);
    const { exitCode, stderr } = await cli.run(["simulate", "--port", port]);
    expect(stderr).toContain(`Cannot listen on port ${port}`);
    expect(exitCode).toBe(1);
  });
});

describe("the live page", () => {
  test("loads nothing from elsewhere", async () => {
    const { url } = await simulate();
    for (const [path, type] of [
      ["/", "text/html"],
      ["/page.css", "text/css"],
      ["/page.js", "text/javascript"],
    ] as const) {
      const response = await fetch(url + path);
      expect(response.headers.get("content-type")).toBe(`${type}; charset=utf-8`);
      expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'none'; /);
      const text = await response.text();
      expect(text).not.toMatch(/(?:src|href)="https?:|@import|url\(|innerHTML|outerHTML/);
    }
    expect((await fetch(`${url}/other`)).status).toBe(404);
  });

  test("knows every fault", async () => {
    const { url } = await simulate();
    const html = await (await fetch(url)).text();
    const script = await (await fetch(`${url}/page.js`)).text();
    for (const name of FAULT_NAMES) {
      expect(html).toContain(`<option value="${name}">`);
      expect(script).toContain(`["${name}", "`);
    }
  });

  test("serves its own origin alone", async () => {
    const { url } = await simulate();
    const origin = { origin: "https://elsewhere.example" };
    for (const path of ["/", "/events", "/connection.json"]) {
      expect((await fetch(url + path, { headers: origin })).status).toBe(403);
    }
    const action = { method: "POST", body: '{"action":"clearFaults"}' };
    const json = { "content-type": "application/json" };
    const foreign = await fetch(`${url}/actions`, { ...action, headers: { ...json, ...origin } });
    expect(foreign.status).toBe(403);
    const form = await fetch(`${url}/actions`, {
      ...action,
      headers: { "content-type": "text/plain" },
    });
    expect(form.status).toBe(415);
    const own = await fetch(`${url}/actions`, { ...action, headers: { ...json, origin: url } });
    expect(own.status).toBe(200);
  });

  test("is told of charges, requests and faults as they come", async () => {
    const place = await simulate();
    const told = stateThat(place, ({ ledger }) => ledger.count === 1);
    const description = "<script>alert(1)</script>";
    await act(place, { action: "fault", name: "lostAfter", times: 1, target: "mutations" });
    const lost = await act(place, { action: "charge", amount: "1.00", description });
    expect(lost.body).toEqual({ done: "The connection broke." });
    const state = await told;
    expect(state.ledger.records).toMatchObject([{ description }]);
    const { requests, faults } = await stateThat(place, ({ requests }) => requests.count === 1);
    expect(requests.records).toMatchObject([{ fault: "lostAfter", actualCost: 10 }]);
    expect(faults.armed).toEqual([]);
  });

  test("charges as an app, up to the cap", async () => {
    const place = await simulate("--cap", "2");
    const charge = { action: "charge", amount: "1.50", description: "1000 emails" };
    expect((await act(place, charge)).body).toEqual({ done: "Charged." });
    expect((await act(place, charge)).body).toEqual({
      done: "Shopify's answer: Total price exceeds balance remaining",
    });
  });

  test("approves and declines, freezes and unfreezes", async () => {
    const place = await simulate();
    const env = {
      USAGE_BILLING_SHOP: place.shop,
      USAGE_BILLING_ACCESS_TOKEN: place.accessToken,
      USAGE_BILLING_ENDPOINT: place.endpoint,
    };
    await cli.run(["raise-cap", "--amount", "200"], { env });
    const { shops } = await stateThat(place, () => true);
    const id = shops[0]?.approvals[0]?.id;
    expect((await act(place, { action: "approve", id })).body).toEqual({ done: "Approved." });
    expect((await act(place, { action: "approve", id })).status).toBe(400);
    await cli.run(["raise-cap", "--amount", "300"], { env });
    expect((await act(place, { action: "decline", id })).body).toEqual({ done: "Declined." });
    const { stdout } = await cli.run(["balance"], { env });
    expect(stdout).toContain("of 200.00 USD");

    await act(place, { action: "freeze", id });
    const frozen = await stateThat(place, () => true);
    expect(frozen.shops[0]?.subscriptions).toMatchObject([{ status: "FROZEN" }]);
    await act(place, { action: "unfreeze", id });
    const active = await stateThat(place, () => true);
    expect(active.shops[0]?.subscriptions).toMatchObject([{ status: "ACTIVE" }]);
  });

  test("advances the time, drains the bucket, clears the faults", async () => {
    const place = await simulate("--speed", "0");
    const before = await stateThat(place, () => true);
    await act(place, { action: "advance", milliseconds: 86_400_000 });
    await act(place, { action: "drain" });
    await act(place, { action: "fault", name: "echo", times: 3, target: "all" });
    const after = await stateThat(place, () => true);
    expect(after.now - before.now).toBe(86_400_000);
    expect(after.shops[0]?.bucket.currentlyAvailable).toBe(0);
    expect(after.faults.armed).toEqual([{ name: "echo", target: "all", times: 3 }]);
    await act(place, { action: "clearFaults" });
    expect((await stateThat(place, () => true)).faults.armed).toEqual([]);
  });

  test.each([
    [{ action: "dance" }, "There is no such action"],
    [{ action: "approve" }, "id is missing"],
    [{ action: "approve", id: "x" }, /usage-app has nothing with this id/],
    [{ action: "advance", milliseconds: -1 }, /clock.advance takes milliseconds/],
    [{ action: "advance", milliseconds: "much" }, "milliseconds is no number"],
    [{ action: "fault", name: "wrong", times: 1, target: "all" }, "There is no such fault"],
    [{ action: "fault", name: "echo", times: 0, target: "all" }, /times must be a whole number/],
    [{ action: "fault", name: "echo", times: 1, target: "none" }, /target is none of/],
    [{ action: "drain", shop: "other.myshopify.com" }, "There is no shop other.myshopify.com"],
  ])("refuses %j", async (action, problem) => {
    const place = await simulate();
    const { status, body } = await act(place, action);
    expect(status).toBe(400);
    expect(body).toEqual({ problem: expect.stringMatching(problem) });
  });

  test("is told that the simulator has ended", async () => {
    const place = await simulate("--quiet");
    const seen: State[] = [];
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
