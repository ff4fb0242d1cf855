import { execFile } from "node:child_process";
import { join } from "node:path";

/** Files that were generated, and that the compiler refuses. */
export class TypeCheckError extends Error {
  override name = "TypeCheckError" as const;
}

/**
 * Compiles the repository and looks at what the compiler says of these files.
 *
 * The operations may be valid and still not fit the client: a field that becomes nullable, say.
 *
 * @throws TypeCheckError
 */
export async function typeCheck(root: string, files: Iterable<string>): Promise<void> {
  const own = new Set(files);
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const output = await new Promise<string>((resolve, reject) => {
    execFile(
      process.execPath,
      [tsc, "--noEmit", "--pretty", "false", "-p", join(root, "tsconfig.json")],
      { cwd: root, maxBuffer: 1 << 26 },
      (error, stdout, stderr) => {
        // It exits with 1 or 2 when there are errors; anything else means that it did not run.
        if (error && stdout === "") reject(new TypeCheckError(`tsc failed. ${stderr}`));
        else resolve(stdout);
      },
    );
  });
  const errors = output.split("\n").filter((line) => own.has(line.replace(/\(.*$/s, "")));
  if (errors.length > 0) {
    throw new TypeCheckError(
      ["The generated files do not compile. Nothing was written.", ...errors].join("\n  "),
    );
  }
}
