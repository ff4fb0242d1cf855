import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { defaultApiVersion } from "../api-versions.js";
import type { Endpoint } from "./endpoint.js";
import type { Outgoing } from "./exchange.js";
import { SimulatorUsageError } from "./usage-error.js";

/** A simulator that listens. */
export interface SimulatorListener extends AsyncDisposable {
  /** `http://127.0.0.1:12345` */
  readonly url: string;
  readonly port: number;
  /** The full URL of the GraphQL endpoint of an API version. Default: 2025-01. */
  endpoint(version?: string): string;
  /** Stops listening, lets the answers under way go out, and closes all connections. */
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
/** Longer than clients keep an idle connection, so that none is closed under a request. */
const KEEP_ALIVE = 60_000;
/** How long answers under way may take once the simulator closes: real milliseconds. */
const DRAINING = 250;
/** Larger bodies than this many characters are refused. */
const LARGEST_BODY = 16 * 1024 * 1024;

/** Serves the simulator over real HTTP, on this machine only. */
export async function listen(endpoint: Endpoint, port: number): Promise<SimulatorListener> {
  const { createServer } = await import("node:http");
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE }, (request, response) => {
    serve(endpoint, request, response).catch((error: unknown) => {
      // A defect of the simulator itself must not look like one of the faults.
      const reason = error instanceof Error ? error.stack : String(error);
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end(`The simulator failed: ${reason}\n`);
    });
  });
  const actualPort = await start(server, port);
  const url = `http://${HOST}:${actualPort}`;
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => (closing ??= stop(server));
  return {
    url,
    port: actualPort,
    endpoint: (version = defaultApiVersion) => `${url}/admin/api/${version}/graphql.json`,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function start(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      reject(
        new SimulatorUsageError(
          "port",
          `cannot listen on ${port}: ${error.message}`,
          "Give a free port, or 0 for any",
        ),
      );
    });
    server.listen(port, HOST, () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), DRAINING);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}

async function serve(
  endpoint: Endpoint,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await read(request);
  if (body === null) {
    response.writeHead(413).end();
    return;
  }
  const { method = "GET", url = "/", headers } = request;
  const outcome = await endpoint.handle({
    method,
    url: new URL(url, `http://${HOST}:${request.socket.localPort ?? 0}`),
    headers: new Headers(
      Object.entries(headers).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, String(value)] satisfies [string, string]],
      ),
    ),
    body,
  });
  switch (outcome) {
    case "lost":
    case "unknownHost":
      request.socket.destroy();
      return;
    case "silent":
      // The socket stays open without an answer, until one side gives up.
      return;
    default:
      await send(outcome, response);
  }
}

async function read(request: IncomingMessage): Promise<string | null> {
  request.setEncoding("utf8");
  let body = "";
  for await (const piece of request) {
    body += String(piece);
    if (body.length > LARGEST_BODY) return null;
  }
  return body;
}

async function send({ status, headers, body }: Outgoing, response: ServerResponse): Promise<void> {
  response.sendDate = false; // the date is the simulated one
  if (typeof body === "string") {
    response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
    return;
  }
  response.writeHead(status, { ...headers });
  const closed = new Promise<void>((resolve) => {
    response.once("close", resolve);
  });
  try {
    for await (const piece of body) {
      if (response.destroyed) break;
      if (!response.write(piece)) {
        await Promise.race([closed, once(response, "drain")]);
      }
    }
    response.end();
  } catch {
    response.destroy(); // a fault broke the body off
  }
}

function once(response: ServerResponse, event: "drain"): Promise<void> {
  return new Promise((resolve) => {
    response.once(event, resolve);
  });
}
