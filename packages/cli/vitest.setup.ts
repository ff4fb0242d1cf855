import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Builds the library, the ledger and the command line: the tests run the command as users do. */
export async function setup(): Promise<void> {
  const run = promisify(execFile);
  await run("npm", ["run", "--silent", "build:javascript"], {
    cwd: `${import.meta.dirname}/../..`,
  });
  await run("npm", ["run", "--silent", "build"], { cwd: `${import.meta.dirname}/../ledger` });
  await run("npm", ["run", "--silent", "build"], { cwd: import.meta.dirname });
}
