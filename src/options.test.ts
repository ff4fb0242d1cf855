import * as fc from "fast-check";
import { createUsageBillingClient, InvalidInputError } from "shopify-usage-billing/2026-10";
import { describe, expect, test } from "vitest";

const TOKEN = "shpat_3c1b7d0fe2a94586";
const OPTIONS = { shop: "example.myshopify.com", accessToken: TOKEN };

/** What making a client of options that types would not allow throws; null where it throws nothing. */
function refusalOf(options: unknown): unknown {
  try {
    Reflect.apply(createUsageBillingClient, null, [options]);
    return null;
  } catch (error) {
    return error;
  }
}

/** Where a client of these options sends its requests. */
async function urlOf(options: object): Promise<URL> {
  let url = "";
  const send: typeof fetch = async (input) => {
    url = String(input);
    return new Response("{}");
  };
  const billing = createUsageBillingClient({ ...OPTIONS, ...options, fetch: send, retry: false });
  await billing.usageRecord("gid://shopify/AppUsageRecord/1").catch(() => undefined);
  return new URL(url);
}

describe("options that are refused", () => {
  const shop = (value: unknown): [string, object] => ["shop", { shop: value }];
  const endpoint = (value: unknown): [string, object] => ["endpoint", { endpoint: value }];
  const retry = (field: string, value: unknown): [string, object] => [field, { retry: value }];

  test.each<[string, object]>([
    shop(undefined),
    shop(null),
    shop(5),
    shop({}),
    shop(""),
    shop(" "),
    shop("example"),
    shop("example.com"),
    shop("myshopify.com"),
    shop(".myshopify.com"),
    shop("-example.myshopify.com"),
    shop("https://example.myshopify.com"),
    shop("example.myshopify.com/"),
    shop("example.myshopify.com:443"),
    shop("example.myshopify.com#"),
    shop("example.myshopify.com?x"),
    shop("example.myshopify.com\n"),
    shop(" example.myshopify.com"),
    shop("a.example.myshopify.com"),
    shop("example.myshopify.com.evil.example"),
    shop("evil.example/x.myshopify.com"),
    shop("evil.example#x.myshopify.com"),
    shop("evil.example\\x.myshopify.com"),
    shop("x.myshopify.com@evil.example"),
    shop("user@example.myshopify.com"),
    shop("exa mple.myshopify.com"),
    shop("exämple.myshopify.com"),
    shop("example。myshopify.com"),
    shop("example.myshopify.ſcom"),
    shop(`${"x".repeat(64)}.myshopify.com`),
    ["accessToken", { accessToken: undefined }],
    ["accessToken", { accessToken: null }],
    ["accessToken", { accessToken: 5 }],
    ["accessToken", { accessToken: "" }],
    ["accessToken", { accessToken: " " }],
    ["accessToken", { accessToken: `${TOKEN}\n` }],
    ["accessToken", { accessToken: `${TOKEN} ` }],
    ["accessToken", { accessToken: `${TOKEN}é` }],
    ["accessToken", { accessToken: { TOKEN } }],
    ["fetch", { fetch: "fetch" }],
    ["fetch", { fetch: null }],
    ["onEvent", { onEvent: {} }],
    ["timeout", { timeout: 0 }],
    ["timeout", { timeout: -1 }],
    ["timeout", { timeout: Number.NaN }],
    ["timeout", { timeout: Number.POSITIVE_INFINITY }],
    ["timeout", { timeout: 2 ** 31 }],
    ["timeout", { timeout: "5000" }],
    ["timeout", { timeout: null }],
    retry("retry", true),
    retry("retry", null),
    retry("retry", 5),
    retry("retry", []),
    retry("retry.attempts", { attempts: 0 }),
    retry("retry.attempts", { attempts: -1 }),
    retry("retry.attempts", { attempts: 2.5 }),
    retry("retry.attempts", { attempts: 101 }),
    retry("retry.attempts", { attempts: Number.NaN }),
    retry("retry.attempts", { attempts: Number.POSITIVE_INFINITY }),
    retry("retry.attempts", { attempts: "5" }),
    retry("retry.attempts", { attempts: null }),
    retry("retry.minDelay", { minDelay: -1 }),
    retry("retry.maxDelay", { maxDelay: Number.NaN }),
    retry("retry.deadline", { deadline: Number.POSITIVE_INFINITY }),
    retry("retry.deadline", { deadline: 2 ** 31 }),
    retry("retry.attempt", { attempt: 5 }),
    endpoint(""),
    endpoint(null),
    endpoint(5),
    endpoint(Object.create(null)),
    endpoint("example.myshopify.com"),
    endpoint("/admin/api/2026-10/graphql.json"),
    endpoint("//evil.example/"),
    endpoint("http://proxy.example/"),
    endpoint("http://127.0.0.1.evil.example/"),
    endpoint("http://localhost.evil.example/"),
    endpoint("http://evil.example#localhost"),
    endpoint("http://0.0.0.0/"),
    endpoint("http://[::ffff:127.0.0.1]/"),
    endpoint("ftp://localhost/"),
    endpoint("javascript:alert(1)"),
    endpoint("file:///etc/hosts"),
    endpoint("https://user:password@proxy.example/"),
    endpoint("https://user@proxy.example/"),
    ["client", { client: null, accessToken: undefined }],
    ["client", { client: {}, accessToken: undefined }],
    ["client", { client: "client", accessToken: undefined }],
    ["acessToken", { acessToken: TOKEN }],
    ["onevent", { onevent: () => undefined }],
    ["version", { version: "2026-10" }],
  ])("%s in %j", (field, options) => {
    const error = refusalOf({ ...OPTIONS, ...options });

    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error).toMatchObject({ field, certainty: "notApplied", attempts: 0 });
    expect(error).toMatchObject({ message: expect.stringContaining(field) });
    expect(String(error)).not.toContain(TOKEN);
  });

  test.each([undefined, null, "example.myshopify.com", 5, [], () => OPTIONS])(
    "such as %s instead of an object",
    (options) => {
      expect(refusalOf(options)).toMatchObject({ name: "InvalidInputError", field: "options" });
    },
  );

  test("in a short message, however long they are", () => {
    const error = refusalOf({ ...OPTIONS, shop: "x".repeat(100_000) });

    expect(String(error).length).toBeLessThan(400);
  });
});

describe("options that are accepted", () => {
  test.each<[object]>([
    [{}],
    [{ shop: "a.myshopify.com" }],
    [{ shop: "2nd-shop-.myshopify.com" }],
    [{ accessToken: () => TOKEN }],
    [{ accessToken: async () => TOKEN }],
    [{ timeout: 1 }],
    [{ timeout: 2 ** 31 - 1 }],
    [{ retry: false }],
    [{ retry: {} }],
    [{ retry: { attempts: 1, minDelay: 0, maxDelay: 0, deadline: 0 } }],
    [{ retry: { attempts: 100, minDelay: 20_000, maxDelay: 10 } }],
    [{ endpoint: new URL("https://proxy.example/") }],
    [{ fetch: undefined, endpoint: undefined, retry: undefined, timeout: undefined }],
    [{ onEvent: undefined, client: undefined }],
  ])("%j", (options) => {
    expect(refusalOf({ ...OPTIONS, ...options })).toBeNull();
  });
});

describe("where requests go", () => {
  test("to the shop's endpoint of the entry's API version", async () => {
    expect((await urlOf({})).href).toBe(
      "https://example.myshopify.com/admin/api/2026-10/graphql.json",
    );
  });

  test("in lower case, however the shop is written", async () => {
    expect((await urlOf({ shop: "EXAMPLE.MyShopify.com" })).hostname).toBe("example.myshopify.com");
  });

  test.each([
    "https://proxy.example/graphql?shop=1",
    "http://localhost:4000/graphql",
    "http://127.0.0.1/",
    "http://127.9.9.9:1/",
    "http://[::1]:4000/",
  ])("to the endpoint as given: %s", async (endpoint) => {
    expect((await urlOf({ endpoint })).href).toBe(endpoint);
  });

  test("any shop reaches its own host at myshopify.com, or is refused", async () => {
    const part = fc.oneof(
      fc.constantFrom("example", "EXAMPLE", ".myshopify.com", "myshopify.com", "evil.example"),
      fc.constantFrom("/", "\\", "@", ":", "#", "?", ".", "-", " ", "\n", "\t", "\0", "%2f", "。"),
      fc.string({ maxLength: 5, unit: "grapheme" }),
    );
    const shops = fc.oneof(
      fc.array(part, { maxLength: 6 }).map((parts) => parts.join("")),
      fc.array(part, { maxLength: 4 }).map((parts) => `${parts.join("")}.myshopify.com`),
      fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9-]{0,20}\.myshopify\.com$/),
      fc.webUrl(),
      fc.string({ unit: "binary" }),
    );
    let reached = 0;
    await fc.assert(
      fc.asyncProperty(shops, async (shop) => {
        const refused = refusalOf({ ...OPTIONS, shop });
        if (refused instanceof InvalidInputError && refused.field === "shop") return;
        expect(refused).toBeNull();
        reached += 1;
        const url = await urlOf({ shop });
        expect(url.protocol).toBe("https:");
        expect(url.host).toBe(shop.toLowerCase());
        expect(url.host).toMatch(/^[a-z\d][a-z\d-]*\.myshopify\.com$/);
        expect(url.username + url.password + url.search + url.hash).toBe("");
        expect(url.pathname).toBe("/admin/api/2026-10/graphql.json");
      }),
      { numRuns: 1_000, seed: 1 },
    );
    expect(reached).toBeGreaterThan(50);
  });

  test("to no endpoint in the clear except on loopback", async () => {
    const hosts = fc.oneof(
      fc.constantFrom("localhost", "127.0.0.1", "[::1]", "127.1", "0x7f000001", "LOCALHOST"),
      fc.ipV4(),
      fc.ipV6().map((address) => `[${address}]`),
      fc.domain(),
      fc.domain().map((domain) => `localhost.${domain}`),
      fc.domain().map((domain) => `127.0.0.1.${domain}`),
      fc.domain().map((domain) => `localhost@${domain}`),
    );
    await fc.assert(
      fc.asyncProperty(hosts, async (host) => {
        const endpoint = `http://${host}/`;
        if (refusalOf({ ...OPTIONS, endpoint }) !== null) return;
        const { hostname } = await urlOf({ endpoint });
        expect(hostname).toMatch(/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/);
      }),
      { numRuns: 300, seed: 2 },
    );
  });
});
