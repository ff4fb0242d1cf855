import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { newestApiVersion } from "../../api-versions.js";
import type { Endpoint } from "./endpoint.js";
import type { Outgoing } from "./exchange.js";
import { SimulatorUsageError } from "../usage-error.js";

/** What a listening simulator serves besides the API. */
export interface ListenOptions {
  /**
   * Answers every request outside `/admin/`, such as those of a page that shows what happens. A streamed
   * body is cancelled when its reader goes away. Default: 404.
   */
  readonly fallback?: (request: Request) => Response | Promise<Response>;
  /** Lets pages of other origins, such as GraphQL IDEs in a browser, use the API. Shopify does not. Default: false. */
  readonly cors?: boolean;
  /**
   * Host names that may reach the simulator besides this machine's own and the shops' domains, such as
   * a tunnel's: `tunnel.example`. Default: none.
   */
  readonly hosts?: readonly string[];
}

/** A simulator that listens. */
export interface SimulatorListener {
  /** `http://127.0.0.1:12345` */
  readonly url: string;
  readonly port: number;
  /** The full URL of the GraphQL endpoint of an API version. Default: the newest stable one. */
  endpoint(version?: string): string;
  /** Stops listening, lets responses in progress finish, and closes all connections. */
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
/** Longer than clients keep an idle connection, so that none is closed under a request. */
const KEEP_ALIVE = 60_000;
/** How long responses in progress may take once the simulator closes, in real milliseconds. */
const DRAINING = 250;
/** Larger bodies than this many characters are refused. */
const LARGEST_BODY = 16 * 1024 * 1024;

const CORS_HEADERS = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "*",
  "access-control-expose-headers": "*",
};

/** Serves the simulator over real HTTP, on this machine only. */
export async function listen(
  endpoint: Endpoint,
  port: number,
  options: ListenOptions,
): Promise<SimulatorListener> {
  const { createServer } = await import("node:http");
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE }, (request, response) => {
    serve(endpoint, options, request, response).catch((error: unknown) => {
      // A defect of the simulator itself must not look like one of the faults.
      const [reason] = String(error).split("\n");
      if (response.headersSent) response.destroy();
      else refuse(response, 500, `The simulator failed: ${reason}`);
    });
  });
  const actualPort = await start(server, port);
  const url = `http://${HOST}:${actualPort}`;
  let closing: Promise<void> | null = null;
  return {
    url,
    port: actualPort,
    endpoint: (version = newestApiVersion) => `${url}/admin/api/${version}/graphql.json`,
    close: () => (closing ??= stop(server)),
  };
}

function start(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      reject(
        new SimulatorUsageError(
          `Cannot listen on port ${port}: ${error.message}. Give a free port, or 0 for any.`,
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
  { fallback, cors = false, hosts = [] }: ListenOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await read(request);
  if (body === null) {
    refuse(response, 413, `A body can have ${LARGEST_BODY} characters at most`);
    return;
  }
  const { method = "GET" } = request;
  const base = `http://${HOST}:${request.socket.localPort ?? 0}`;
  const url = URL.canParse(request.url ?? "/", base) ? new URL(request.url ?? "/", base) : null;
  if (url === null) {
    refuse(response, 400, "The path is malformed");
    return;
  }
  const host = request.headers.host ?? "";
  // A page elsewhere can point a name of its own at this machine (DNS rebinding).
  if (!isOwnHost(host, hosts)) {
    refuse(response, 421, `This is not ${host}: ask for ${HOST}, or list the host in \`hosts\``);
    return;
  }
  const isRead = ["GET", "HEAD", "OPTIONS"].includes(method);
  const isOpen = cors && url.pathname.startsWith("/admin/api/");
  const { origin } = request.headers;
  if (!isRead && !isOpen && origin !== undefined && !isOwnOrigin(origin, host)) {
    refuse(response, 403, `Pages of ${origin} cannot change the simulator`);
    return;
  }
  if (cors) {
    for (const [name, value] of Object.entries(CORS_HEADERS)) response.setHeader(name, value);
    if (request.method === "OPTIONS") {
      response.writeHead(204).end();
      return;
    }
  }
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));

  if (fallback && !url.pathname.startsWith("/admin/")) {
    const hasBody = method !== "GET" && method !== "HEAD";
    const answer = await fallback(new Request(url, { method, headers, ...(hasBody && { body }) }));
    await send(answer.status, Object.fromEntries(answer.headers), answer.body ?? "", response);
    return;
  }
  const outcome = await endpoint.handle({ method, url, headers, body });
  switch (outcome) {
    case "lost":
    case "unknownHost":
      request.socket.destroy();
      return;
    case "silent":
      // The socket stays open without a response until one side gives up.
      return;
    default:
      response.sendDate = false; // the date is the simulated one
      await send(outcome.status, outcome.headers, outcome.body, response);
  }
}

/** Whether a request's `Host` is this machine, a shop, or a host that was listed. */
function isOwnHost(host: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  return (
    ["127.0.0.1", "localhost", "[::1]"].includes(hostname) ||
    hostname.endsWith(".myshopify.com") ||
    hosts.includes(hostname)
  );
}

function isOwnOrigin(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** Answers with one line of text. */
function refuse(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${reason}\n`);
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

async function send(
  status: number,
  headers: Outgoing["headers"],
  body: string | AsyncIterable<string> | ReadableStream<Uint8Array>,
  response: ServerResponse,
): Promise<void> {
  if (typeof body === "string") {
    const length = Buffer.byteLength(body);
    response.writeHead(status, { ...headers, "content-length": length }).end(body);
    return;
  }
  const { Readable } = await import("node:stream");
  const { pipeline } = await import("node:stream/promises");
  response.writeHead(status, { ...headers }).flushHeaders();
  // It fails if a fault breaks the body off or the reader goes away. Either way both ends are closed.
  const readable =
    body instanceof ReadableStream
      ? Readable.fromWeb(body as NodeReadableStream) // In a browser's types they differ.
      : Readable.from(body);
  await pipeline(readable, response).catch(() => {});
}
