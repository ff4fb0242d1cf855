import { join } from "node:path";
import { parseArgs } from "node:util";
import { schemasIn } from "../codegen.js";
import { addVersion } from "./add-version.js";
import { applyChanges, pendingChanges, type Changes } from "./changes.js";
import { derivedFiles } from "./derived-files.js";
import { checkSchemas, readProvenance, schemaMismatches } from "./provenance.js";
import { regenerate } from "./regenerate.js";
import { removeVersion } from "./remove-version.js";
import { typeCheck } from "./type-check.js";

const root = join(import.meta.dirname, "..");

const help = `Usage:
  npm run generate
      Write everything that follows from schema/ and graphql/: documents and types, the entries,
      src/api-versions.ts, the exports in package.json, and the generated sections of
      docs/versions.md.
  npm run generate:check
      Write nothing. Fail if a generated file is out of date, or if a file in schema/ does not match
      schema/provenance.json.
  npm run regenerate
      Like generate, but first make the files in schema/ again from their recorded sources.
  npm run add-version -- VERSION [--from SOURCE]
      Add an API version, such as 2027-01 or unstable, or download one again. Print what changed to
      standard output as Markdown, and write a changeset for the release that it calls for. SOURCE is
      introspection JSON, gzipped or not:
        FILE                         a file
        URL                          a file (.json, .gz), or a GraphQL endpoint
        npm:PACKAGE@VERSION#PATH     a file in a published package
      The default is Shopify's public schema endpoint.
  npm run remove-version -- VERSION
      Remove an API version, and write a changeset for a major release.

Add -- --help to a command for this text. A command that fails or is interrupted changes no file.

Exit status: 0 success, 1 failure or out of date, 2 wrong usage, 130 interrupted.`;

// Progress goes to standard error, so that standard output has nothing but the report.
const say = (line: string): void => console.error(line);

// Files are written in one turn of the event loop, so none of them is when a signal's listener runs.
for (const [signal, status] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const) {
  process.once(signal, () => {
    say("Interrupted. Nothing was written.");
    process.exit(status);
  });
}

async function verify(changes: Changes): Promise<void> {
  say("Compiling");
  await typeCheck(root, changes);
}

async function generate(): Promise<number> {
  const schemas = schemasIn(root);
  const provenance = readProvenance(root);
  checkSchemas(schemas, provenance);
  const changes = pendingChanges(root, await derivedFiles(root, schemas, provenance));
  applyChanges(root, changes);
  for (const path of changes.keys()) say(`Wrote ${path}`);
  return 0;
}

async function check(): Promise<number> {
  const schemas = schemasIn(root);
  const provenance = readProvenance(root);
  const mismatches = schemaMismatches(schemas, provenance);
  for (const line of mismatches) say(line);
  if (mismatches.length > 0) return 1;
  const changes = pendingChanges(root, await derivedFiles(root, schemas, provenance));
  for (const path of changes.keys()) say(`Out of date: ${path}`);
  if (changes.size > 0) say("Run `npm run generate`.");
  return changes.size === 0 ? 0 : 1;
}

async function main(args: string[]): Promise<number> {
  const parsed = parse(args);
  if (parsed === null) {
    console.error(help);
    return 2;
  }
  const { values, positionals } = parsed;
  const [command, version, ...rest] = positionals;
  if (values.help === true) {
    console.log(help);
    return 0;
  }
  if (rest.length === 0 && (command === "add" || command === "remove") && version !== undefined) {
    console.log(
      command === "add"
        ? await addVersion({ root, version, from: values.from, say, verify })
        : await removeVersion({ root, version, say, verify }),
    );
    return 0;
  }
  if (version === undefined && command === "generate") {
    return values.check === true ? check() : generate();
  }
  if (version === undefined && command === "regenerate") {
    const changes = await regenerate({ root, say });
    say(changes.size === 0 ? "Nothing changed." : "Changed:");
    for (const path of changes.keys()) say(`  ${path}`);
    return 0;
  }
  console.error(help);
  return 2;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? messageOf(error) : error);
  process.exitCode = 1;
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        from: { type: "string" },
        check: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n`);
    return null;
  }
}

/** What went wrong and what to do, or a stack trace if the error is not one of ours. */
function messageOf(error: Error): string {
  const isOurs = Object.hasOwn(error, "name");
  return isOurs ? error.message : (error.stack ?? error.message);
}
