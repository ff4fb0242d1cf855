import { join } from "node:path";
import { parseArgs } from "node:util";
import { GraphQLError } from "graphql";
import { schemasIn } from "../codegen.js";
import { addVersion } from "./add-version.js";
import { applyChanges, pendingChanges } from "./changes.js";
import { derivedFiles } from "./derived-files.js";
import { regenerate } from "./regenerate.js";
import { removeVersion } from "./remove-version.js";
import { typeCheck } from "./type-check.js";

const root = join(import.meta.dirname, "..");

const help = `Usage:
  npm run generate
      Write everything that follows from schema/ and graphql/: documents and types, the entries of
      all versions but the default one, src/api-versions.ts, the exports in package.json, and the
      generated sections of docs/versions.md.
  npm run generate:check
      Write nothing; fail and name the files that are out of date.
  npm run regenerate
      The same as generate, with the schema parts made anew from their recorded sources.
  npm run add-version -- VERSION [--from SOURCE]
      Add an API version, such as 2027-01 or unstable, or fetch one anew. What changed goes to
      standard output as Markdown. SOURCE is introspection JSON, gzipped or not:
        FILE                         a file
        URL                          a file's URL (.json, .gz), or a GraphQL endpoint
        npm:PACKAGE@VERSION#PATH     a file in a published package
      By default it is Shopify's public endpoint for schemas.
  npm run remove-version -- VERSION
      Remove an API version.

Nothing is written unless all of it is well.`;

// Progress goes to standard error, so that a report can be piped on.
const say = (line: string): void => console.error(line);

const verify = async (files: string[]): Promise<void> => {
  say("Compiling");
  await typeCheck(root, files);
};

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
    const changes = pendingChanges(root, await derivedFiles(root, schemasIn(root), say));
    if (values.check === true) {
      for (const path of changes.keys()) say(`Out of date: ${path}`);
      if (changes.size > 0) say("Run `npm run generate`.");
      return changes.size === 0 ? 0 : 1;
    }
    await applyChanges(root, changes);
    for (const path of changes.keys()) say(`Wrote ${path}`);
    return 0;
  }
  if (version === undefined && command === "regenerate") {
    const changes = await regenerate({ root, say });
    say(changes.size === 0 ? "Everything is as it was." : "Different from before:");
    for (const path of changes.keys()) say(`  ${path}`);
    return 0;
  }
  console.error(help);
  return 2;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // Our own errors say what to do; of others, the place matters.
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

function messageOf(error: Error): string {
  // A syntax error in an operation knows its file and line, and tells them here only.
  if (error instanceof GraphQLError) return String(error);
  const isOurs = Object.hasOwn(error, "name");
  return isOurs ? [error.message, ...causes(error)].join("\n  ") : (error.stack ?? error.message);
}

function causes({ cause }: Error): string[] {
  if (!(cause instanceof Error)) return [];
  const [message = ""] = cause.message.trim().split("\n");
  return [message, ...causes(cause)];
}
