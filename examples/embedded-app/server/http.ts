import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";

/** Converts a request of node:http to a web `Request`, which aborts when the browser disconnects. */
export function requestOf(incoming: IncomingMessage, response: ServerResponse): Request {
  const { method = "GET", headers: given, url = "/" } = incoming;
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  const body = method === "GET" || method === "HEAD" ? null : Readable.toWeb(incoming);
  return new Request(new URL(url, `http://${given.host ?? "localhost"}`), {
    method,
    headers,
    signal: gone.signal,
    ...(body && { body, duplex: "half" }),
  });
}

/** Sends a web `Response` through node:http. */
export async function send(answer: Response, response: ServerResponse): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(Buffer.from(await answer.arrayBuffer()));
}
