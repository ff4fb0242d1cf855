import "@shopify/shopify-api/adapters/web-api";
import { ApiVersion, LogSeverity, RequestedTokenType, shopifyApi } from "@shopify/shopify-api";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  createAdminSimulator,
  type AdminSimulator,
  type AdminSimulatorOptions,
  type Shop,
  type ShopOptions,
} from "../index.js";

const DOMAIN = "example.myshopify.com";
const CLIENT = { client_id: "client", client_secret: "secret" };
const HOUR = 60 * 60 * 1000;
const QUERY = "{ currentAppInstallation { id } }";

function setUp(
  options: AdminSimulatorOptions = {},
  shopOptions: Partial<ShopOptions> = {},
): { admin: AdminSimulator; shop: Shop } {
  const admin = createAdminSimulator({ now: "2026-11-01T00:00:00Z", clock: "manual", ...options });
  const shop = admin.addShop({
    shop: DOMAIN,
    accessToken: "shpat_first",
    offlineTokens: "expiring",
    apiKey: CLIENT.client_id,
    apiSecret: CLIENT.client_secret,
    ...shopOptions,
  });
  return { admin, shop };
}

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function ask(admin: AdminSimulator, parameters: object, domain = DOMAIN): Promise<Answer> {
  const response = await admin.fetch(`https://${domain}/admin/oauth/access_token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...CLIENT, ...parameters }),
  });
  const body: unknown = await response.json();
  return { status: response.status, body: body as Answer["body"] };
}

function refresh(admin: AdminSimulator, refreshToken: unknown): Promise<Answer> {
  return ask(admin, { grant_type: "refresh_token", refresh_token: refreshToken });
}

async function call(admin: AdminSimulator, accessToken: unknown): Promise<[number, unknown]> {
  const response = await admin.fetch(`https://${DOMAIN}/admin/api/2026-10/graphql.json`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-shopify-access-token": String(accessToken),
    },
    body: JSON.stringify({ query: QUERY }),
  });
  return [response.status, await response.json()];
}

describe("an expiring token", () => {
  test("is in no record of the request that refreshed it", async () => {
    const { admin, shop } = setUp();
    const first = shop.offlineToken;
    admin.faults.next("echo", 1, "tokens");
    await refresh(admin, first?.refreshToken).catch(() => undefined);
    await refresh(admin, first?.refreshToken);
    await ask(admin, { grant_type: first?.refreshToken });
    expect(admin.requests.map(({ variables }) => variables)).toEqual([
      { grant_type: "refresh_token" },
      { grant_type: "refresh_token" },
      {},
    ]);
    const log = JSON.stringify(admin.requests);
    expect(log).not.toMatch(/shp(?:at|rt)_/);
    expect(log).not.toContain(CLIENT.client_secret);
  });

  test("opens the shop for an hour, and is then refused like a wrong one", async () => {
    const { admin, shop } = setUp();
    expect(shop.offlineToken).toMatchObject({
      accessToken: "shpat_first",
      expiresAt: Date.parse("2026-11-01T01:00:00Z"),
      refreshTokenExpiresAt: Date.parse("2027-01-30T00:00:00Z"),
    });
    expect((await call(admin, "shpat_first"))[0]).toBe(200);
    admin.clock.advance(HOUR);
    expect(await call(admin, "shpat_first")).toEqual([
      401,
      { errors: "[API] Invalid API key or access token (unrecognized login or wrong password)" },
    ]);
  });

  test("is exchanged for a new pair, which ends the old one", async () => {
    const { admin, shop } = setUp({}, { scopes: ["read_products", "write_products"] });
    const { status, body } = await refresh(admin, shop.offlineToken?.refreshToken);
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: shop.offlineToken?.accessToken,
      scope: "read_products,write_products",
      expires_in: 3600,
      refresh_token: shop.offlineToken?.refreshToken,
      refresh_token_expires_in: 90 * 24 * 3600,
    });
    expect((await call(admin, body["access_token"]))[0]).toBe(200);
    expect((await call(admin, "shpat_first"))[0]).toBe(401);
    expect(admin.requests[0]).toMatchObject({
      kind: "token",
      shop: DOMAIN,
      status: 200,
      errors: [],
    });
    expect(JSON.stringify(admin.requests)).not.toMatch(/shpat_|shprt_/);
  });

  test("cannot be refreshed twice at once with one refresh token", async () => {
    const { admin, shop } = setUp();
    admin.faults.latency(50);
    const refreshToken = shop.offlineToken?.refreshToken;
    const both = Promise.all([refresh(admin, refreshToken), refresh(admin, refreshToken)]);
    await new Promise((resolve) => setImmediate(resolve));
    admin.clock.advance(50);
    const answers = await both;
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect(answers.find(({ status }) => status === 401)?.body).toEqual({
      error: "invalid_request",
      error_description: "This request requires an active refresh_token",
    });
  });

  test("is lost with the answer to its refresh, unless used refresh tokens are still accepted", async () => {
    for (const [refreshTokenReuse, expected] of [
      ["refused", 401],
      ["untilReplacementIsUsed", 200],
    ] as const) {
      const { admin, shop } = setUp({ refreshTokenReuse });
      const first = shop.offlineToken?.refreshToken;
      admin.faults.next("lostAfter", 1, "tokens");
      await expect(refresh(admin, first)).rejects.toThrow("fetch failed");
      expect((await refresh(admin, first)).status).toBe(expected);
    }
  });

  test("documented since 2026-08-28: using the replacement retires the refresh token before it", async () => {
    const { admin, shop } = setUp({ refreshTokenReuse: "untilReplacementIsUsed" });
    const first = shop.offlineToken?.refreshToken;
    const second = (await refresh(admin, first)).body["refresh_token"];
    expect((await refresh(admin, second)).status).toBe(200);
    expect((await refresh(admin, first)).status).toBe(401);
  });

  test("cannot be refreshed after 90 days", async () => {
    const { admin, shop } = setUp();
    admin.clock.advance(90 * 24 * HOUR);
    expect((await refresh(admin, shop.offlineToken?.refreshToken)).status).toBe(401);
  });

  test.each([
    ["another app's secret", { client_secret: "wrong" }, 401, "invalid_client"],
    ["no grant", { grant_type: "password" }, 400, "unsupported_grant_type"],
    ["an unknown token", { refresh_token: "shprt_none" }, 401, "invalid_request"],
  ])("is not given for %s", async (_what, parameters, status, error) => {
    const { admin, shop } = setUp();
    const { refreshToken } = shop.offlineToken ?? {};
    const request = { grant_type: "refresh_token", refresh_token: refreshToken, ...parameters };
    expect(await ask(admin, request)).toMatchObject({ status, body: { error } });
    expect(shop.offlineToken?.accessToken).toBe("shpat_first");
  });

  test("is not given at another shop's address", async () => {
    const { admin, shop } = setUp();
    admin.addShop({ shop: "other.myshopify.com", accessToken: "other" });
    const request = { grant_type: "refresh_token", refresh_token: shop.offlineToken?.refreshToken };
    expect((await ask(admin, request, "other.myshopify.com")).status).toBe(401);
  });
});

describe("a token that does not expire", () => {
  const permanent = { offlineTokens: "permanent" } as const;

  test("is refused to public apps from a date on, in Shopify's words", async () => {
    const { admin } = setUp({ permanentTokensUntil: "2026-11-01T01:00:00Z" }, permanent);
    expect((await call(admin, "shpat_first"))[0]).toBe(200);
    admin.clock.advance(HOUR);
    expect(await call(admin, "shpat_first")).toEqual([
      403,
      {
        errors:
          "[API] Non-expiring access tokens are no longer accepted for the Admin API. Start using expiring offline tokens.",
      },
    ]);
  });

  test("stays good for custom apps", async () => {
    const { admin } = setUp(
      { permanentTokensUntil: "2026-10-01" },
      { ...permanent, distribution: "custom" },
    );
    expect((await call(admin, "shpat_first"))[0]).toBe(200);
  });

  test("is exchanged once for one that expires", async () => {
    const { admin, shop } = setUp({}, permanent);
    const type = RequestedTokenType.OfflineAccessToken;
    const request = {
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: "shpat_first",
      subject_token_type: type,
      requested_token_type: type,
      expiring: "1",
    };
    expect((await ask(admin, request)).body).toHaveProperty("refresh_token");
    expect(shop.offlineToken?.expiresAt).toBe(admin.clock.now() + HOUR);
    expect((await call(admin, "shpat_first"))[0]).toBe(401);
    expect((await ask(admin, request)).body).toHaveProperty("error", "invalid_subject_token");
  });
});

describe("with @shopify/shopify-api", () => {
  const shopify = shopifyApi({
    apiKey: CLIENT.client_id,
    apiSecretKey: CLIENT.client_secret,
    hostName: "app.example",
    apiVersion: ApiVersion.July26,
    isEmbeddedApp: true,
    logger: { level: LogSeverity.Error },
  });

  function sessionToken(secret: string): string {
    const encode = (value: object): string =>
      Buffer.from(JSON.stringify(value)).toString("base64url");
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: `https://${DOMAIN}/admin`,
      dest: `https://${DOMAIN}`,
      aud: CLIENT.client_id,
      sub: "1",
      exp: now + 60,
      nbf: now - 5,
      iat: now - 5,
    };
    const content = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
    return `${content}.${createHmac("sha256", secret).update(content).digest("base64url")}`;
  }

  test("a session token is exchanged, and the session refreshed", async () => {
    const { admin, shop } = setUp();
    setAbstractFetchFunc(admin.fetch);
    const { session } = await shopify.auth.tokenExchange({
      shop: DOMAIN,
      sessionToken: sessionToken(CLIENT.client_secret),
      requestedTokenType: RequestedTokenType.OfflineAccessToken,
      expiring: true,
    });
    expect(session.accessToken).toBe(shop.offlineToken?.accessToken);
    const refreshed = await shopify.auth.refreshToken({
      shop: DOMAIN,
      refreshToken: session.refreshToken ?? "",
    });
    expect(refreshed.session.accessToken).toBe(shop.offlineToken?.accessToken);
    expect(refreshed.session.accessToken).not.toBe(session.accessToken);
  });

  test("a session token with another signature is refused", async () => {
    const { admin, shop } = setUp();
    const answer = await ask(admin, {
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: sessionToken("another secret"),
      subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
      requested_token_type: RequestedTokenType.OfflineAccessToken,
      expiring: "1",
    });
    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_subject_token" } });
    expect(shop.offlineToken?.accessToken).toBe("shpat_first");
  });
});
