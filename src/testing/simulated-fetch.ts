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
  const send = async (
    sending: Sending,
    redirect: Request["redirect"],
    signal: AbortSignal,
    redirects = 0,
  ): Promise<Response> => {
    const outcome = await orAbort(endpoint.handle(sending), signal);
    switch (outcome) {
      case "lost":
        throw connectionError("read ECONNRESET", "ECONNRESET");
      case "unknownHost":
        throw connectionError(`getaddrinfo ENOTFOUND ${sending.url.hostname}`, "ENOTFOUND");
      case "silent":
        return orAbort(new Promise<never>(() => {}), signal);
      default: {
        const { location } = outcome.headers;
        if (location === undefined || !REDIRECTS.has(outcome.status) || redirect === "manual") {
          return respond(outcome, signal);
        }
        if (redirect === "error" || redirects >= MOST_REDIRECTS) {
          throw connectionError("unexpected redirect", "UND_ERR_REDIRECT");
        }
        const next = redirected(sending, new URL(location, sending.url), outcome.status);
        return send(next, redirect, signal, redirects + 1);
      }
    }
  };
  return async (input, init) => {
    const request = new Request(input, init);
    const { method, headers, signal, redirect } = request;
    const sending = { method, url: new URL(request.url), headers, body: await request.text() };
    signal.throwIfAborted();
    return send(sending, redirect, signal);
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
