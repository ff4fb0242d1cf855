import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { join } from "node:path";
import { root } from "./repository.js";

const execute = promisify(execFile);
const running = new Set<ChildProcess>();

/** Waits for a program's result. */
async function whileRunning<Result>(child: ChildProcess, result: Promise<Result>): Promise<Result> {
  running.add(child);
  try {
    return await result;
  } finally {
    running.delete(child);
  }
}

/** Stops the programs that are running. */
export function stopPrograms(): void {
  for (const child of running) child.kill();
}

/** Runs a program in a folder and returns its output. If it fails, the output is the error's message. */
export async function run(
  folder: string,
  program: string,
  ...args: readonly string[]
): Promise<string> {
  try {
    const executed = execute(program, args, { cwd: folder, maxBuffer: 2 ** 26 });
    return (await whileRunning(executed.child, executed)).stdout;
  } catch (cause) {
    const { stdout = "", stderr = "" }: { stdout?: string; stderr?: string } = Object(cause);
    throw new Error(`${program} ${args.join(" ")} failed:\n${stdout}${stderr}`, { cause });
  }
}

/**
 * Runs a TypeScript program of this repository and returns what it prints, regardless of its exit
 * code: the program says itself what it found. Its progress stays on standard error.
 */
export async function printedBy(program: string, ...args: readonly string[]): Promise<string> {
  const tsx = join(root, "node_modules/.bin/tsx");
  const child = spawn(tsx, [program, ...args], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  const [printed] = await whileRunning(
    child,
    Promise.all([text(child.stdout), once(child, "close")]),
  );
  return printed;
}
