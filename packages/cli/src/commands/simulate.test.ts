import { createServer } from "node:net";
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from "graphql";
import { describe, expect, onTestFinished, test } from "vitest";
import { cliUnderTest } from "../cli-under-test.js";
import { startSimulator, stateThat, type Place } from "../simulation/simulator-under-test.js";

const cli = cliUnderTest();

const simulate = (...args: string[]): Promise<Place> => startSimulator(cli, ...args);

async function graphql({ endpoint, accessToken }: Place, query: string): Promise<unknown> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { "content-type": "application/json", "x-shopify-access-token": accessToken },
    body: JSON.stringify({ query }),
  });
  const { data }: { data: unknown } = JSON.parse(await response.text());
  return data;
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
      shop: { subscriptions: [] },
      chargeCount: 0,
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
    expect(state.chargeCount).toBeGreaterThan(10);
  });

  test("starts with its history before it, with or without a subscription", async () => {
    for (const more of [[], ["--no-subscription"]]) {
      const now = ["--now", "2026-03-31T12:00:00Z", "--speed", "0"];
      const place = await simulate("--history", "10", ...now, ...more);
      const { now: at } = await stateThat(place, () => true);
      expect(new Date(at).toISOString()).toBe("2026-03-31T12:00:00.000Z");
    }
  });

  test("gives a token that expires, and takes its refresh token", async () => {
    const place = await simulate("--expiring-tokens", "--api-secret", "hush", "--history", "5");
    expect(await graphql(place, "{ currentAppInstallation { id } }")).toBeTruthy();
    const refresh = {
      client_id: "simulated-app",
      client_secret: "hush",
      grant_type: "refresh_token",
      refresh_token: place.refreshToken,
    };
    const response = await fetch(`${place.url}/admin/oauth/access_token`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(refresh),
    });
    expect(await response.json()).toMatchObject({ expires_in: 3600 });
    const { activity } = await stateThat(place, ({ activity }) => activity.length === 2);
    expect(activity[0]).toMatchObject({ kind: "token", title: "access token refreshed" });
  });

  test("writes no document and no response into its log", async () => {
    const place = await simulate();
    await graphql(place, "{ currentAppInstallation { secretOfTheLog: id } }");
    const seen = await place.running.shows('"rootFields":["currentAppInstallation"]');
    expect(seen).not.toContain("secretOfTheLog");
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
    [["--webhooks", "javascript:alert(1)"], "to must be an HTTP URL", 2],
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
