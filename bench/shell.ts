import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** Runs a program in a folder and returns its output. If it fails, the output is the error's message. */
export async function run(
  folder: string,
  program: string,
  ...args: readonly string[]
): Promise<string> {
  try {
    const { stdout } = await execute(program, args, { cwd: folder, maxBuffer: 2 ** 26 });
    return stdout;
  } catch (cause) {
    const { stdout = "", stderr = "" }: { stdout?: string; stderr?: string } = Object(cause);
    throw new Error(`${program} ${args.join(" ")} failed:\n${stdout}${stderr}`, { cause });
  }
}
