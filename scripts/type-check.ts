import { execFile } from "node:child_process";
import { cp, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { applyChanges, type Changes } from "./changes.js";
import { temporaryFolder } from "./temporary-folder.js";

/** Generated files that do not compile. */
export class TypeCheckError extends Error {
  override name = "TypeCheckError" as const;
}

/**
 * Compiles the sources with these changes, in a copy: the repository itself is not touched.
 *
 * Valid operations may still not fit the client, because a field has become nullable, say.
 *
 * @throws TypeCheckError if the compiler reports an error in a changed file
 */
export async function typeCheck(root: string, changes: Changes): Promise<void> {
  const copy = temporaryFolder("type-check");
  try {
    for (const path of ["src", "package.json", "tsconfig.json"]) {
      await cp(join(root, path), join(copy, path), { recursive: true });
    }
    await symlink(join(root, "node_modules"), join(copy, "node_modules"));
    applyChanges(copy, changes);
    const project = join(copy, "tsconfig.changes.json");
    const settings = {
      extends: "./tsconfig.json",
      include: ["src"],
      exclude: ["**/*.test.ts", "**/*.test.tsx", "**/*.test-d.ts"],
    };
    await writeFile(project, JSON.stringify(settings));

    const output = await compile(copy, project);
    const errors = output.split("\n").filter((line) => changes.has(line.replace(/\(.*$/s, "")));
    if (errors.length > 0) {
      throw new TypeCheckError(
        ["The generated files do not compile. Nothing was written.", ...errors].join("\n  "),
      );
    }
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** Returns what the compiler reports. */
function compile(folder: string, project: string): Promise<string> {
  const tsc = join(folder, "node_modules/typescript/bin/tsc");
  return new Promise((resolve, reject) => {
    const compiler = execFile(
      process.execPath,
      [tsc, "--noEmit", "--pretty", "false", "-p", project],
      { cwd: folder, maxBuffer: 1 << 26 },
      (error, stdout, stderr) => {
        process.off("exit", stop);
        // It exits with 1 or 2 if there are errors. Anything else means that it did not run.
        if (error && stdout === "") reject(new TypeCheckError(`tsc failed. ${stderr}`));
        else resolve(stdout);
      },
    );
    const stop = (): void => void compiler.kill();
    process.once("exit", stop);
  });
}
