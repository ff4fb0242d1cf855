import type { Endpoint } from "./endpoint.js";
import type { Outgoing } from "./exchange.js";

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const MOST_REDIRECTS = 20;

/** A request whose body was read, so that a redirect can repeat it. */
interface Sending {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string;
}

/** A `fetch` whose requests go to the simulator, and nowhere else. */
export function simulatedFetch(endpoint: Endpoint): typeof fetch {
  // A request's signal only hears of an abort for as long as somebody holds the request.
  const pending = new Set<Request>();

  const send = async (sending: Sending, request: Request, redirects = 0): Promise<Response> => {
    const outcome = await orAbort(endpoint.handle(sending), request);
    switch (outcome) {
      case "lost":
        throw connectionError("read ECONNRESET", "ECONNRESET");
      case "unknownHost":
        throw connectionError(`getaddrinfo ENOTFOUND ${sending.url.hostname}`, "ENOTFOUND");
      case "silent":
        return orAbort(new Promise<never>(() => {}), request);
      default: {
        const { location } = outcome.headers;
        const isRedirect = location !== undefined && REDIRECTS.has(outcome.status);
        if (!isRedirect || request.redirect === "manual") return respond(outcome, request);
        if (request.redirect === "error" || redirects >= MOST_REDIRECTS) {
          throw connectionError("unexpected redirect", "UND_ERR_REDIRECT");
        }
        const next = redirected(sending, new URL(location, sending.url), outcome.status);
        return send(next, request, redirects + 1);
      }
    }
  };
  return async (input, init) => {
    const request = new Request(input, init);
    const { method, headers } = request;
    pending.add(request);
    try {
      const body = await request.text();
      request.signal.throwIfAborted();
      return await send({ method, url: new URL(request.url), headers, body }, request);
    } finally {
      pending.delete(request);
    }
  };
}

/** As fetch follows a redirect: to another origin goes every header but `Authorization`. */
function redirected({ method, url, headers, body }: Sending, to: URL, status: number): Sending {
  const kept = new Headers(headers);
  if (to.origin !== url.origin) kept.delete("authorization");
  const becomesGet = status === 303 || (status < 303 && method === "POST");
  return becomesGet
    ? { method: "GET", url: to, headers: kept, body: "" }
    : { method, url: to, headers: kept, body };
}

function respond({ status, headers, body }: Outgoing, request: Request): Response {
  const content = typeof body === "string" ? body : stream(body, request);
  return new Response(content, { status, headers: { ...headers } });
}

/** A body that comes in pieces, until the reader gives up or the signal aborts. */
function stream(pieces: AsyncIterable<string>, request: Request): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const iterator = pieces[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await orAbort(iterator.next(), request);
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      } catch (error) {
        const { aborted, reason } = request.signal;
        void iterator.return?.();
        controller.error(aborted ? reason : new TypeError("terminated", { cause: error }));
      }
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

/** Waits for a promise for as long as the request's signal allows; the work behind the promise goes on. */
function orAbort<T>(promise: Promise<T>, request: Request): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(request.signal.reason as Error); // whatever the caller aborted with
    if (request.signal.aborted) abort();
    request.signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => {
      request.signal.removeEventListener("abort", abort);
    });
  });
}

/** What Node's fetch rejects with if there is no response. */
function connectionError(message: string, code: string): TypeError {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(message), { code }) });
}
