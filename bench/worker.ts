import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Answered, Asked, Numbers } from "./commands.js";

function isAnswered(message: unknown): message is Answered {
  return (
    typeof message === "object" && message !== null && ("numbers" in message || "error" in message)
  );
}

function has<Name extends string>(
  numbers: Numbers,
  names: readonly Name[],
): numbers is Readonly<Record<Name, number>> {
  return names.every((name) => typeof numbers[name] === "number");
}

/** The options of a process. */
export interface WorkerOptions {
  /** Further flags of Node.js. */
  readonly flags?: readonly string[];
  /** Whether it runs as in development, with `NODE_ENV` not set. */
  readonly development?: boolean;
}

/** A process of the benchmark that runs commands until it is stopped. */
export class Worker {
  readonly #name: string;
  readonly #process: ChildProcess;

  private constructor(name: string, child: ChildProcess) {
    this.#name = name;
    this.#process = child;
  }

  /** Starts a program with plain `node` and `--expose-gc`, and `NODE_ENV=production` as apps are deployed. */
  static async start(
    name: string,
    program: string,
    args: readonly string[] = [],
    { flags = [], development = false }: WorkerOptions = {},
  ): Promise<Worker> {
    const { NODE_ENV: _, ...env } = process.env;
    const child = fork(program, args, {
      execArgv: ["--expose-gc", ...flags],
      env: { ...env, NODE_OPTIONS: "", ...(!development && { NODE_ENV: "production" }) },
      // The libraries' own logs are not part of the output.
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const worker = new Worker(name, child);
    await worker.#answer();
    return worker;
  }

  /** Runs a command in the process and returns the named numbers. */
  async ask<Name extends string>(
    command: string,
    input: Numbers,
    names: readonly Name[],
  ): Promise<Readonly<Record<Name, number>>> {
    const asked: Asked = { command, input };
    this.#process.send(asked);
    const numbers = await this.#answer();
    if (!has(numbers, names)) throw new Error(`${this.#name} did not report ${names.join(", ")}`);
    return numbers;
  }

  async #answer(): Promise<Numbers> {
    const given = new AbortController();
    try {
      const ended = once(this.#process, "exit", { signal: given.signal }).then(([code]) => {
        throw new Error(`${this.#name} ended with ${String(code)}`);
      });
      const [message] = await Promise.race([
        once(this.#process, "message", { signal: given.signal }),
        ended,
      ]);
      if (!isAnswered(message)) throw new Error(`${this.#name} sent an unexpected message`);
      if ("error" in message) throw new Error(`${this.#name}: ${message.error}`);
      return message.numbers;
    } finally {
      given.abort();
    }
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, "exit");
    this.#process.disconnect();
    await ended;
  }
}
