import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { buildJavaScript } from "../../scripts/build-javascript.js";

/** Builds the library and the command line: the tests run the command as users do. */
export async function setup(): Promise<void> {
  const here = import.meta.dirname;
  await Promise.all([
    buildJavaScript(`${here}/../../dist`),
    promisify(execFile)("npm", ["run", "--silent", "build"], { cwd: here }),
  ]);
}
