import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from "graphql";
import { temporaryFolder } from "./temporary-folder.js";

const run = promisify(execFile);

/** A full Admin schema, as its source gave it. */
export interface Introspection {
  /** Where it came from, in a form that can be recorded: a local file by its name alone. */
  readonly source: string;
  /** Of the introspection's JSON text, unpacked. */
  readonly sha256: string;
  /** The day on which the source was published, in UTC. `null` if it does not say. */
  readonly published: string | null;
  readonly schema: IntrospectionQuery;
}

/** The bytes of a source, with the day on which they were published. */
interface Download {
  readonly bytes: Buffer;
  readonly published: string | null;
}

/** An introspection that cannot be downloaded, read or used. The message says what to do. */
export class SchemaSourceError extends Error {
  override name = "SchemaSourceError" as const;
}

/** Shopify's public schema endpoint, which requires no token. */
export function publicSchemaEndpoint(version: string): string {
  return `https://shopify.dev/admin-graphql-direct-proxy/${version}`;
}

/**
 * Reads a full schema's introspection from `npm:PACKAGE@VERSION#PATH`, a URL or a file.
 *
 * The JSON may be gzipped, and may have the response's `data` around it. A URL whose path ends in
 * `.json` or `.gz` is a file to download. Any other is a GraphQL endpoint, which is sent the
 * introspection query.
 *
 * @throws SchemaSourceError
 */
export async function readIntrospection(source: string): Promise<Introspection> {
  if (isPublished(source)) return introspectionIn(source, await fromPackage(source));
  if (/^https?:/.test(source)) return introspectionIn(source, await fromUrl(new URL(source)));
  return introspectionIn(`file:${basename(source)}`, await fromFile(resolve(source)));
}

/** Whether a source always gives the same bytes: a published package cannot change. */
export function isPublished(source: string): boolean {
  return source.startsWith("npm:");
}

function introspectionIn(source: string, { bytes, published }: Download): Introspection {
  const json = unpacked(source, bytes);
  let parsed: unknown;
  try {
    parsed = JSON.parse(json.toString("utf8"));
  } catch (cause) {
    throw new SchemaSourceError(
      `${source} is not JSON. Download it again, or give another source with --from.`,
      { cause },
    );
  }
  const schema = isObject(parsed) && isObject(parsed["data"]) ? parsed["data"] : parsed;
  if (!isIntrospection(schema)) {
    throw new SchemaSourceError(
      `${source} holds no introspection: neither \`__schema\` nor \`data.__schema\`. ${elsewhere}`,
    );
  }
  const problem = problemOf(schema);
  if (problem !== undefined) throw new SchemaSourceError(`${source} ${problem}. ${elsewhere}`);
  return { source, sha256: createHash("sha256").update(json).digest("hex"), published, schema };
}

/** Unpacks gzip, recognized by its first bytes: a gzipped file may be served or named as plain JSON. */
function unpacked(source: string, bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (cause) {
    throw new SchemaSourceError(
      `${source} is a damaged or incomplete gzip file. Download it again.`,
      { cause },
    );
  }
}

/** The message of an error, or of what caused it: `fetch failed` says nothing. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== ""
    ? error.cause.message
    : error.message;
}

/** Why an introspection cannot be the Admin API's, if it cannot. */
function problemOf(schema: IntrospectionQuery): string | undefined {
  const {
    __schema: { queryType, types },
  } = schema;
  if (!isObject(queryType) || !types.some(({ name }) => name === queryType.name)) {
    return "holds a schema without a query type";
  }
  try {
    buildClientSchema(schema);
    return undefined;
  } catch (error) {
    return `holds a schema that is not valid: ${messageOf(error)}`;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isIntrospection(value: unknown): value is IntrospectionQuery {
  return (
    isObject(value) && isObject(value["__schema"]) && Array.isArray(value["__schema"]["types"])
  );
}

async function fromFile(path: string): Promise<Download> {
  try {
    // Not the file's own date: copying or downloading a file changes it.
    return { bytes: await readFile(path), published: null };
  } catch (cause) {
    throw new SchemaSourceError(`${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

async function fromUrl(url: URL): Promise<Download> {
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
    throw new SchemaSourceError(
      `${url.href} cannot be reached: ${messageOf(cause)}. ${elsewhere}`,
      { cause },
    );
  }
  if (!response.ok) {
    throw new SchemaSourceError(`${url.href} answered ${response.status}. ${elsewhere}`);
  }
  // An endpoint describes the schema that it serves now.
  const date = isFile ? response.headers.get("Last-Modified") : new Date().toISOString();
  return { bytes: Buffer.from(await response.arrayBuffer()), published: dayOf(date) };
}

/** The day in UTC, as `YYYY-MM-DD`. `null` if there is no valid date. */
function dayOf(date: string | null | undefined): string | null {
  const time = Date.parse(date ?? "");
  return Number.isNaN(time) ? null : new Date(time).toISOString().slice(0, 10);
}

const elsewhere =
  "Give another source: `--from FILE`, or a package that carries the schema, such as " +
  "`--from npm:@shopify/dev-mcp@1.16.0#package/dist/data/admin_2026-10.json.gz`.";

async function fromPackage(source: string): Promise<Download> {
  const [, name, version, path] =
    /^npm:((?:@[\w.-]+\/)?[\w.-]+)@(\d[\w.+-]*)#([^#]+)$/.exec(source) ?? [];
  if (name === undefined || version === undefined || path === undefined) {
    throw new SchemaSourceError(
      `${source} does not have the form npm:PACKAGE@VERSION#PATH, with an exact version.`,
    );
  }
  const { tarball, published } = await packed(name, version);
  try {
    // Only the one file is unpacked, and nothing of the package is installed or run.
    const { stdout } = await run("tar", ["-xzOf", tarball, "--", path], {
      encoding: "buffer",
      maxBuffer: 1 << 30,
    });
    return { bytes: stdout, published };
  } catch (cause) {
    throw new SchemaSourceError(
      `${name}@${version} holds no file ${path}. \`npm pack\` and \`tar -t\` list its files.`,
      { cause },
    );
  }
}

interface PackedPackage {
  readonly tarball: string;
  readonly published: string | null;
}

/** The packages of this run, because one of them holds six versions. */
const packages = new Map<string, Promise<PackedPackage>>();

function packed(name: string, version: string): Promise<PackedPackage> {
  const spec = `${name}@${version}`;
  const known = packages.get(spec) ?? pack(name, version);
  packages.set(spec, known);
  return known;
}

async function pack(name: string, version: string): Promise<PackedPackage> {
  const spec = `${name}@${version}`;
  const folder = temporaryFolder("schema");
  await npm(spec, ["pack", spec, "--pack-destination", folder]);
  const [tarball] = await readdir(folder);
  if (tarball === undefined) throw new SchemaSourceError(`npm packed nothing for ${spec}.`);
  const times: Record<string, string> = JSON.parse(
    await npm(spec, ["view", name, "time", "--json"]),
  );
  return { tarball: join(folder, tarball), published: dayOf(times[version]) };
}

/** Runs npm and returns what it prints. */
async function npm(spec: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run("npm", [...args, "--loglevel", "error"], {
      maxBuffer: 1 << 26,
      // On Windows npm is a script, which only a shell can start. The arguments were checked before.
      shell: process.platform === "win32",
    });
    return stdout;
  } catch (cause) {
    throw new SchemaSourceError(`npm cannot download ${spec}: ${reasonOf(cause)}`, { cause });
  }
}

/** npm's own words, without its prefix, its advice and the path of its log. */
function reasonOf(error: unknown): string {
  if (!isObject(error)) return String(error);
  if (error["code"] === "ENOENT") return "npm is not installed.";
  const reason = String(error["stderr"])
    .split("\n")
    .flatMap((line) => /^npm (?:error|ERR!) (.+)/.exec(line)?.[1]?.trim() ?? [])
    .find((line) => !/^(?:code|syscall|errno) |^A complete log/.test(line));
  return (reason ?? "it gave no reason.").replace(/^notarget /, "");
}
