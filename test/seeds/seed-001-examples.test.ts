import { execFile, execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { apiVersions } from "../../src/api-versions.js";
import {
  createAdminSimulator,
  documentedExamples,
  type AdminSimulator,
  type SimulatorListener,
} from "../../src/testing/index.js";

// The bodies are those of the page's curl examples, to the letter.
const EXAMPLES = {
  "Creates a usage charge": "creates-a-usage-charge",
  "Creating a usage record above the capped amount returns an error": "above-the-capped-amount",
  "Creating usage record with idempotency key exceeding 255 characters results in an error":
    "key-over-255-characters",
  "Creating usage record with idempotency key returns an error when another request for the same shop, app, idempotency key is in progress":
    "key-in-progress",
} as const;

function path(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

function read(name: string): string {
  return readFileSync(path(name), "utf8");
}

function hasCurl(): boolean {
  try {
    execFileSync("curl", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

let listener: SimulatorListener | undefined;
afterEach(() => listener?.close());

async function start(): Promise<AdminSimulator> {
  const admin = createAdminSimulator({ cappedAmountMessage: "example" });
  documentedExamples(admin);
  listener = await admin.listen();
  return admin;
}

/** Sends a file as the page's curl command does. */
async function curl(endpoint: string, file: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)("curl", [
    "--silent",
    "-X",
    "POST",
    endpoint,
    "-H",
    "Content-Type: application/json",
    "-H",
    "X-Shopify-Access-Token: {access_token}",
    "--data-binary",
    `@${path(file)}`,
  ]);
  return JSON.parse(stdout);
}

describe.skipIf(!hasCurl())("the curl examples of appUsageRecordCreate", () => {
  test.each(Object.entries(EXAMPLES))("%s", async (_, name) => {
    await start();

    const answer = await curl(listener?.endpoint("2025-01") ?? "", `001/${name}.request.txt`);

    const documented: unknown = JSON.parse(read(`001/${name}.response.json`));
    expect(answer).toEqual({
      ...(documented as object), // JSON enters
      extensions: { cost: expect.objectContaining({ requestedQueryCost: 10 }) },
    });
  });

  test("all four, one after the other", async () => {
    const admin = await start();
    for (const name of Object.values(EXAMPLES)) {
      const answer = await curl(listener?.endpoint("2025-01") ?? "", `001/${name}.request.txt`);
      expect(answer).toMatchObject(JSON.parse(read(`001/${name}.response.json`)));
    }
    expect(admin.ledger.map(({ id }) => id)).toEqual([
      "gid://shopify/AppUsageRecord/1034618208",
      "gid://shopify/AppUsageRecord/1034618209",
    ]);
  });
});

describe.each(apiVersions.map(({ handle }) => handle))("in API version %s", (version) => {
  test.each(Object.entries(EXAMPLES))("%s", async (_, name) => {
    await start();
    const response = await fetch(listener?.endpoint(version) ?? "", {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "X-Shopify-Access-Token": "{access_token}",
      },
      body: read(`001/${name}.request.txt`),
    });
    expect(response.headers.get("X-Shopify-API-Version")).toBe(version);
    expect(await response.json()).toMatchObject(JSON.parse(read(`001/${name}.response.json`)));
  });
});

test.each([
  ["Creates a usage charge", "without-key", "creates-a-usage-charge"],
  ["another request with the key is in progress", "with-key", "key-in-progress"],
])("the documents of the Node, Ruby and Remix examples: %s", async (_, document, name) => {
  const admin = createAdminSimulator();
  const shop = documentedExamples(admin);
  const { variables } = JSON.parse(read(`001/${name}.request.txt`)) as {
    variables: Record<string, unknown>; // JSON enters
  };
  const response = await shop.graphql(read(`001-${document}.graphql`), { variables });
  expect(await response.json()).toMatchObject(JSON.parse(read(`001/${name}.response.json`)));
});

test("the description's own text for a charge above the capped amount is the default", async () => {
  const admin = createAdminSimulator();
  const shop = documentedExamples(admin);
  const { query, variables } = JSON.parse(read("001/above-the-capped-amount.request.txt")) as {
    query: string;
    variables: Record<string, unknown>; // JSON enters
  };
  const response = await shop.graphql(query, { variables });
  expect(await response.json()).toMatchObject({
    data: {
      appUsageRecordCreate: {
        userErrors: [{ field: null, message: "Total price exceeds balance remaining" }],
        appUsageRecord: null,
      },
    },
  });
});
