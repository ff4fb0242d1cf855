import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { getIntrospectionQuery, type IntrospectionQuery } from "graphql";

const run = promisify(execFile);

/** A full Admin schema, as its source gave it. */
export interface Introspection {
  /** Where it came from, in a form that can be recorded: a local file by its name alone. */
  readonly source: string;
  /** Of the introspection's JSON text, unpacked. */
  readonly sha256: string;
  readonly schema: IntrospectionQuery;
}

/** Introspection could not be had, or is none. */
export class SchemaSourceError extends Error {
  override name = "SchemaSourceError" as const;
}

/** Shopify's public schema endpoint; it wants no token. */
export function publicSchemaEndpoint(version: string): string {
  return `https://shopify.dev/admin-graphql-direct-proxy/${version}`;
}

/**
 * Reads a full schema's introspection from `npm:PACKAGE@VERSION#PATH`, a URL or a file.
 *
 * JSON, gzipped or not, with or without the response's `data` around it. A URL whose path ends in
 * `.json` or `.gz` is fetched; any other is a GraphQL endpoint and is sent the introspection query.
 *
 * @throws SchemaSourceError
 */
export async function readIntrospection(source: string): Promise<Introspection> {
  if (isPublished(source)) return introspectionIn(source, await fromPackage(source));
  if (/^https?:/.test(source)) return introspectionIn(source, await fromUrl(new URL(source)));
  return introspectionIn(`file:${basename(source)}`, await fromFile(resolve(source)));
}

/** Whether a source gives the same bytes whenever it is read: a published package cannot change. */
export function isPublished(source: string): boolean {
  return source.startsWith("npm:");
}

function introspectionIn(source: string, bytes: Buffer): Introspection {
  // Told by the content, because a gzipped file may be served or named as plain JSON.
  const json = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  let parsed: unknown;
  try {
    parsed = JSON.parse(json.toString("utf8"));
  } catch (cause) {
    throw new SchemaSourceError(`${source} is not JSON.`, { cause });
  }
  const schema = isObject(parsed) && isObject(parsed["data"]) ? parsed["data"] : parsed;
  if (!isIntrospection(schema)) {
    throw new SchemaSourceError(
      `${source} holds no introspection: neither \`__schema\` nor \`data.__schema\`.`,
    );
  }
  return { source, sha256: createHash("sha256").update(json).digest("hex"), schema };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isIntrospection(value: unknown): value is IntrospectionQuery {
  return (
    isObject(value) && isObject(value["__schema"]) && Array.isArray(value["__schema"]["types"])
  );
}

async function fromFile(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new SchemaSourceError(`${path} cannot be read.`, { cause });
  }
}

async function fromUrl(url: URL): Promise<Buffer> {
  const isFile = /\.(json|gz)$/.test(url.pathname);
  let response: Response;
  try {
    response = await fetch(
      url,
      isFile
        ? {}
        : {
            method: "POST",
            headers: { "Content-Type": "application/json", Accept: "application/json" },
            body: JSON.stringify({
              query: getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true }),
            }),
          },
    );
  } catch (cause) {
    throw new SchemaSourceError(`${url.href} cannot be reached. ${elsewhere}`, { cause });
  }
  if (!response.ok) {
    throw new SchemaSourceError(`${url.href} answered ${response.status}. ${elsewhere}`);
  }
  return Buffer.from(await response.arrayBuffer());
}

const elsewhere =
  "Give another source: `--from FILE`, or a package that carries the schema, such as " +
  "`--from npm:@shopify/dev-mcp@1.16.0#package/dist/data/admin_2026-10.json.gz`.";

async function fromPackage(source: string): Promise<Buffer> {
  const [, spec, path] = /^npm:((?:@[\w.-]+\/)?[\w.-]+@\d[\w.+-]*)#([^#]+)$/.exec(source) ?? [];
  if (spec === undefined || path === undefined) {
    throw new SchemaSourceError(
      `${source} does not have the form npm:PACKAGE@VERSION#PATH, with an exact version.`,
    );
  }
  const tarball = await tarballOf(spec);
  try {
    // Only the one file is unpacked, and nothing of the package is installed or run.
    const { stdout } = await run("tar", ["-xzOf", tarball, "--", path], {
      encoding: "buffer",
      maxBuffer: 1 << 30,
    });
    return stdout;
  } catch (cause) {
    throw new SchemaSourceError(`${spec} holds no file ${path}.`, { cause });
  }
}

/** The tarballs of this run, because one of them holds six versions. */
const tarballs = new Map<string, Promise<string>>();

function tarballOf(spec: string): Promise<string> {
  const known = tarballs.get(spec);
  if (known) return known;
  const packed = pack(spec);
  tarballs.set(spec, packed);
  return packed;
}

async function pack(spec: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "schema-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  try {
    await run("npm", ["pack", spec, "--loglevel", "error", "--pack-destination", folder], {
      // On Windows npm is a script, which only a shell can start; `spec` was checked above.
      shell: process.platform === "win32",
    });
  } catch (cause) {
    throw new SchemaSourceError(`npm cannot get ${spec}.`, { cause });
  }
  const [tarball] = await readdir(folder);
  if (tarball === undefined) throw new SchemaSourceError(`npm packed nothing for ${spec}.`);
  return join(folder, tarball);
}
