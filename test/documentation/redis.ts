/** A Redis for code in the documentation that needs one. */
import { spawn, spawnSync } from "node:child_process";
import { createServer } from "node:net";

/** Whether a Redis can be started, and killed: `redis-server` is installed. */
export const canStartRedis: boolean = spawnSync("redis-server", ["--version"]).status === 0;

/** Whether code that needs a Redis can be run: `redis-server` is installed, or `REDIS_PORT` is set. */
export const hasRedis = canStartRedis || process.env["REDIS_PORT"] !== undefined;

/** Finds a port that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/**
 * Starts a Redis on loopback that keeps nothing; resolves with its port and how to stop it.
 *
 * @param wanted - the port of one to start in any case; without it, the Redis at `REDIS_PORT` will do
 */
export async function startRedis(
  wanted?: string,
): Promise<{ port: string; stop: (signal?: NodeJS.Signals) => void }> {
  const given = process.env["REDIS_PORT"];
  if (given !== undefined && wanted === undefined) return { port: given, stop: () => undefined };
  const port = wanted ?? String(await freePort());
  const flags = ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const server = spawn("redis-server", flags, { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise<void>((resolve, reject) => {
    server.once("exit", (code) => reject(new Error(`redis-server ended with ${code}`)));
    server.stdout.on("data", (text: Buffer) => {
      if (text.includes("Ready to accept connections")) resolve();
    });
  });
  return { port, stop: (signal) => void server.kill(signal) };
}
