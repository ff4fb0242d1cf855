import { spawn, type ChildProcessByStdio } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, onTestFinished, vi } from "vitest";
import {
  type AdminSimulator,
  type AdminSimulatorOptions,
  type Shop,
  type SimulatorListener,
  createAdminSimulator,
} from "shopify-usage-billing/testing";

/** The token, which must appear nowhere. */
export const TOKEN = "shpat_0123456789abcdef0123456789abcdef";
export const SHOP = "example.myshopify.com";

/** How a run of the command is set up. */
export interface RunOptions {
  readonly env?: Readonly<NodeJS.Dict<string>> | undefined;
  /** The text of standard input. Default: empty. */
  readonly input?: string | undefined;
  /** The working directory. Default: an empty one. */
  readonly directory?: string | undefined;
}

/** What a user sees of a run that has ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run that has not ended. */
export interface Running {
  readonly process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly ended: Promise<Ended>;
  /** Resolves once standard output or standard error contains it. */
  shows(text: string | RegExp): Promise<string>;
}

/** The command as it is shipped, run as a process of its own. `vitest.setup.ts` builds it. */
export class CliUnderTest {
  readonly script = fileURLToPath(new URL("../dist/usage-billing.js", import.meta.url));
  #empty = "";

  #shims = "";

  async prepare(): Promise<void> {
    this.#empty = await mkdtemp(join(tmpdir(), "usage-billing-cli-"));
    this.#shims = await mkdtemp(join(tmpdir(), "usage-billing-cli-npx-"));
    // `npx usage-billing …`, as where the package is installed.
    const npx = `#!/bin/sh\nshift\nexec '${process.execPath}' '${this.script}' "$@"\n`;
    await writeFile(join(this.#shims, "npx"), npx, { mode: 0o755 });
  }

  async remove(): Promise<void> {
    await rm(this.#empty, { recursive: true, force: true });
    await rm(this.#shims, { recursive: true, force: true });
  }

  /** The environment of a user who has set only the given variables. */
  environment(env: Readonly<NodeJS.Dict<string>> = {}): NodeJS.Dict<string> {
    return { PATH: process.env["PATH"], TERM: "xterm-256color", ...env };
  }

  get emptyDirectory(): string {
    return this.#empty;
  }

  start(args: readonly string[], options: RunOptions = {}): Running {
    return this.#start(process.execPath, [this.script, ...args], options);
  }

  #start(
    program: string,
    args: readonly string[],
    { env, directory = this.#empty }: RunOptions,
  ): Running {
    const child = spawn(program, args, {
      cwd: directory,
      env: this.environment(env),
      stdio: ["pipe", "pipe", "pipe"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    child.stdin.on("error", () => undefined); // The command may end before it has read all.
    const output = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
    const ended = new Promise<Ended>((done) => {
      child.on("close", (exitCode) => done({ exitCode, ...output }));
    });
    return {
      process: child,
      ended,
      shows: (text) =>
        vi.waitFor(
          () => {
            const seen = output.stdout + output.stderr;
            if (typeof text === "string" ? seen.includes(text) : text.test(seen)) return seen;
            throw new Error(`Expected the output to contain ${String(text)}, got ${seen}`);
          },
          { timeout: 10_000, interval: 20 },
        ),
    };
  }

  async run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    const running = this.start(args, options);
    running.process.stdin.end(options.input ?? "");
    return running.ended;
  }

  /** Runs lines of a shell, in which `npx usage-billing` is the command. */
  async shell(lines: string, options: RunOptions = {}): Promise<Ended> {
    const env = { ...options.env, PATH: `${this.#shims}:${process.env["PATH"]}` };
    const running = this.#start("bash", ["-euo", "pipefail", "-c", lines], { ...options, env });
    running.process.stdin.end(options.input ?? "");
    return running.ended;
  }
}

/** A proxy to the shop that changes its responses. */
export async function changedAnswers(
  { listener, env }: ShopUnderTest,
  change: (answer: string) => string,
): Promise<Readonly<Record<string, string>>> {
  const server = createServer((request, response) => {
    void (async () => {
      const { method = "POST", url = "/", headers } = request;
      const answer = await fetch(new URL(url, listener.url), {
        method,
        headers: {
          "content-type": "application/json",
          "x-shopify-access-token": String(headers["x-shopify-access-token"]),
        },
        body: await text(request),
      });
      response
        .writeHead(answer.status, { "content-type": "application/json" })
        .end(change(await answer.text()));
    })();
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // a server that listens on TCP has one
  return { ...env, USAGE_BILLING_ENDPOINT: `http://127.0.0.1:${port}` };
}

/** The command, for the tests of a file. */
export function cliUnderTest(): CliUnderTest {
  // Processes take their time on a busy machine.
  vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });
  const cli = new CliUnderTest();
  beforeAll(() => cli.prepare());
  afterAll(() => cli.remove());
  return cli;
}

/** A shop behind real HTTP. */
export interface ShopUnderTest {
  readonly admin: AdminSimulator;
  readonly shop: Shop;
  readonly listener: SimulatorListener;
  /** The environment of a user who has set it up. */
  readonly env: Readonly<Record<string, string>>;
  /** The same, without an endpoint: as if the shop were real. */
  readonly realEnv: Readonly<Record<string, string>>;
}

/** Opens a shop with an active subscription, for one test. */
export async function openShop(
  options: AdminSimulatorOptions & {
    readonly test?: boolean;
    readonly cap?: string;
    readonly subscribed?: boolean;
  } = {},
): Promise<ShopUnderTest> {
  const { test = false, cap = "100.00", subscribed = true, ...others } = options;
  const admin = createAdminSimulator(others);
  const shop = admin.addShop({ shop: SHOP, accessToken: TOKEN });
  if (subscribed) {
    shop.createSubscription({
      name: "Pro plan",
      cappedAmount: { amount: cap, currencyCode: "USD" },
      test,
      status: "ACTIVE",
    });
  }
  const listener = await admin.listen();
  onTestFinished(() => listener.close());
  const known = { USAGE_BILLING_SHOP: SHOP, USAGE_BILLING_ACCESS_TOKEN: TOKEN };
  return {
    admin,
    shop,
    listener,
    env: { ...known, USAGE_BILLING_ENDPOINT: listener.url },
    realEnv: { ...known, NODE_OPTIONS: `--import ${await redirection(listener.url)}` },
  };
}

/** A module that redirects Shopify's requests to the simulator, so that the shop looks real to the command. */
async function redirection(url: string): Promise<string> {
  const directory = await temporaryDirectory();
  const path = join(directory, "redirection.mjs");
  await writeFile(
    path,
    `const { fetch } = globalThis;
globalThis.fetch = (input, init) => {
  const url = new URL(input);
  if (url.origin !== "https://${SHOP}") throw new TypeError("Not the shop: " + url.origin);
  return fetch(new URL(url.pathname, "${url}"), init);
};
`,
  );
  return pathToFileURL(path).href;
}

/** A directory for one test. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "usage-billing-cli-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A file for one test, in a directory of its own. */
export async function temporaryFile(
  name: string,
  content: string | Buffer,
): Promise<{ readonly path: string; readonly directory: string }> {
  const path = join(await temporaryDirectory(), name);
  await writeFile(path, content);
  return { path, directory: dirname(path) };
}

/** The lines of JSON in a text. */
export function jsonLines(text: string): readonly Record<string, unknown>[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const value: Record<string, unknown> = JSON.parse(line);
      return value;
    });
}
