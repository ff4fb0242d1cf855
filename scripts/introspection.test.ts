import { createServer } from "node:http";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildSchema, graphqlSync } from "graphql";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { readIntrospection, SchemaSourceError } from "./introspection.js";
import { copyRepository, introspectionJson, partOf } from "./repository-copy.js";
import { writeFileSync } from "node:fs";

const sdl = partOf("2026-10");

describe("a file", () => {
  it("may be gzipped, and is recorded by its name alone", async () => {
    const { root } = copyRepository([]);
    const json = introspectionJson(sdl);
    writeFileSync(join(root, "plain.json"), json);
    writeFileSync(join(root, "packed.json.gz"), gzipSync(json));
    const plain = await readIntrospection(join(root, "plain.json"));
    expect(plain.published).toBeNull();
    const packed = await readIntrospection(join(root, "packed.json.gz"));
    expect(plain.source).toBe("file:plain.json");
    expect(packed.sha256).toBe(plain.sha256);
    expect(packed.schema).toEqual(plain.schema);
  });

  it("may hold the introspection without `data` around it", async () => {
    const copy = copyRepository([]);
    copy.write("bare.json", introspectionJson(sdl).slice('{"data":'.length, -1));
    const { schema } = await readIntrospection(join(copy.root, "bare.json"));
    expect(schema).toHaveProperty("__schema.queryType.name", "QueryRoot");
  });

  it.each([
    ["missing.json", undefined, "cannot be read"],
    ["page.json", "<!doctype html>", "is not JSON"],
    ["errors.json", '{"errors":[{"message":"no"}]}', "holds no introspection"],
    [
      "cut.json.gz",
      gzipSync(introspectionJson(sdl)).subarray(0, 1000),
      "incomplete gzip file. Download it again.",
    ],
    ["empty.json", '{"__schema":{"types":[]}}', "holds a schema without a query type"],
    [
      "hole.json",
      introspectionJson(sdl).replace(
        '"name":"MoneyV2","description"',
        '"name":"Gone","description"',
      ),
      "holds a schema that is not valid: Invalid or incomplete schema, unknown type: MoneyV2.",
    ],
  ])("is refused: %s", async (name, content, message) => {
    const copy = copyRepository([]);
    if (content !== undefined) writeFileSync(join(copy.root, name), content);
    const reading = readIntrospection(join(copy.root, name));
    await expect(reading).rejects.toThrow(SchemaSourceError);
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toThrow(/^.+$/);
  });
});

async function serve(status = 200): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      response.statusCode = status;
      if (request.method === "GET") {
        response.setHeader("Last-Modified", "Wed, 30 Sep 2026 23:59:59 GMT");
        return response.end(introspectionJson(sdl));
      }
      const { query }: { query: string } = JSON.parse(Buffer.concat(chunks).toString());
      return response.end(JSON.stringify(graphqlSync({ schema: buildSchema(sdl), source: query })));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : address}`;
}

describe("a URL", () => {
  it("of a GraphQL endpoint is asked for its introspection", async () => {
    const { schema } = await readIntrospection(
      `${await serve()}/admin-graphql-direct-proxy/2026-10`,
    );
    expect(schema).toHaveProperty("__schema.mutationType.name", "Mutation");
    // What is deprecated must not be left out, inputs included.
    expect(JSON.stringify(schema)).toContain("Use `BYN` instead.");
  });

  it("of a file is fetched", async () => {
    const url = `${await serve()}/schema.json`;
    await expect(readIntrospection(url)).resolves.toMatchObject({
      source: url,
      published: "2026-09-30",
    });
  });

  it("that answers with an error, or not at all, names the other sources", async () => {
    await expect(readIntrospection(`${await serve(404)}/2027-01`)).rejects.toThrow(
      /answered 404\. Give another source: `--from FILE`/,
    );
    await expect(readIntrospection("http://127.0.0.1:1/2027-01")).rejects.toThrow(
      /^[^\n]+ cannot be reached: [^\n]*(?:ECONNREFUSED|bad port)[^\n]*\. Give another source[^\n]+$/,
    );
  });
});

describe("a package", () => {
  it.each(["npm:@shopify/dev-mcp", "npm:dev-mcp@latest#schema.json", "npm:dev-mcp@1.0.0"])(
    "has to be named with an exact version and a path: %s",
    async (source) => {
      await expect(readIntrospection(source)).rejects.toThrow(
        "does not have the form npm:PACKAGE@VERSION#PATH",
      );
    },
  );

  it("that npm cannot download is refused with npm's own reason", async () => {
    // Nothing listens on port 1, so npm fails as it does offline.
    vi.stubEnv("npm_config_registry", "http://127.0.0.1:1/");
    vi.stubEnv("npm_config_fetch_retries", "0");
    vi.stubEnv("npm_config_prefer_offline", "false");
    const spec = "usage-billing-schema-of-no-registry@1.0.0";
    await expect(readIntrospection(`npm:${spec}#schema.json`)).rejects.toThrow(
      new RegExp(`^npm cannot download ${spec}: [^\\n]*ECONNREFUSED[^\\n]*$`),
    );
    vi.unstubAllEnvs();
  }, 30_000);
});
