import type { Endpoint } from "./endpoint.js";
import type { Outgoing } from "./exchange.js";

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const MOST_REDIRECTS = 20;

/** A `fetch` whose requests go to the simulator, and nowhere else. */
export function simulatedFetch(endpoint: Endpoint): typeof fetch {
  const send = async (request: Request, redirects: number): Promise<Response> => {
    const { signal, method, headers } = request;
    signal.throwIfAborted();
    const url = new URL(request.url);
    const body = await request.clone().text();
    const outcome = await orAbort(endpoint.handle({ method, url, headers, body }), signal);
    switch (outcome) {
      case "lost":
        throw connectionError("read ECONNRESET", "ECONNRESET");
      case "unknownHost":
        throw connectionError(`getaddrinfo ENOTFOUND ${url.hostname}`, "ENOTFOUND");
      case "silent":
        return orAbort(new Promise<never>(() => {}), signal);
      default: {
        const { location } = outcome.headers;
        if (location === undefined || !REDIRECTS.has(outcome.status)) {
          return respond(outcome, signal);
        }
        if (request.redirect === "manual") return respond(outcome, signal);
        if (request.redirect === "error" || redirects >= MOST_REDIRECTS) {
          throw connectionError("unexpected redirect", "UND_ERR_REDIRECT");
        }
        return send(redirected(request, new URL(location, url), outcome.status), redirects + 1);
      }
    }
  };
  return (input, init) =>
    // The types of Node's own fetch and of undici differ in name only.
    new Promise((resolve) => {
      resolve(send(new Request(input, init), 0));
    });
}

/** As fetch follows a redirect: to another origin goes every header but `Authorization`. */
function redirected(request: Request, url: URL, status: number): Request {
  const headers = new Headers(request.headers);
  if (url.origin !== new URL(request.url).origin) headers.delete("authorization");
  const becomesGet = status === 303 || (status < 303 && request.method === "POST");
  if (!becomesGet) return new Request(url, request);
  return new Request(url, { headers, method: "GET", signal: request.signal });
}

function respond({ status, headers, body }: Outgoing, signal: AbortSignal): Response {
  const hasBody = status !== 204 && status !== 304;
  const content = typeof body === "string" ? body : stream(body, signal);
  return new Response(hasBody ? content : null, { status, headers: { ...headers } });
}

/** A body that comes in pieces, until the reader gives up or the signal aborts. */
function stream(pieces: AsyncIterable<string>, signal: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const iterator = pieces[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await orAbort(iterator.next(), signal);
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      } catch (error) {
        void iterator.return?.();
        controller.error(
          signal.aborted ? signal.reason : new TypeError("terminated", { cause: error }),
        );
      }
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

/** Waits for a promise for as long as the signal allows; the work behind the promise goes on. */
function orAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error); // whatever the caller aborted with
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener("abort", abort);
    });
  });
}

/** What Node's fetch rejects with when there is no answer. */
function connectionError(message: string, code: string): TypeError {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(message), { code }) });
}
