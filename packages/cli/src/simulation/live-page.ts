import { type AdminSimulator, SimulatorUsageError } from "shopify-usage-billing/testing";
import { ArmedFaults } from "./armed-faults.js";
import { EventStream } from "./event-stream.js";
import { act, PageActionError, type PageActionContext } from "./page-action.js";
import css from "./page/page.css" with { type: "text" };
import html from "./page/page.html" with { type: "text" };
// oxlint-disable-next-line import/default -- it is imported as text
import script from "./page/page.js" with { type: "text" };
import { Snapshots } from "./snapshot.js";

/** What the page tells about how to connect. */
export interface LivePageFacts {
  readonly shop: string;
  readonly accessToken: string;
  readonly apiVersion: string;
  /** Simulated milliseconds for each real one. */
  readonly speed: number;
}

/** Nothing is loaded from elsewhere, and no page of elsewhere may show or drive this one. */
const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

const FILES: Readonly<Record<string, readonly [text: string, type: string]>> = {
  "/": [html, "text/html"],
  "/page.css": [css, "text/css"],
  "/page.js": [script, "text/javascript"],
};

/** The page that shows what happens in the simulator, and the requests that it makes. */
export class LivePage {
  readonly #context: PageActionContext;
  readonly #facts: LivePageFacts;
  readonly #events: EventStream;

  constructor(admin: AdminSimulator, facts: LivePageFacts) {
    const armed = new ArmedFaults(admin);
    const snapshots = new Snapshots(admin, armed, facts.speed);
    this.#context = { admin, armed, apiVersion: facts.apiVersion };
    this.#facts = facts;
    this.#events = new EventStream(() => snapshots.take());
    for (const name of ["request", "usageRecord", "subscription"] as const) {
      admin.on(name, () => this.#events.changed());
    }
  }

  /** Answers a request that is none of the Admin API's. */
  async respond(request: Request): Promise<Response> {
    const { pathname, origin } = new URL(request.url);
    if (!isOwn(request, origin)) return plain(403, "This page serves its own origin alone.");
    const file = FILES[pathname];
    if (file && request.method === "GET") {
      const [text, type] = file;
      return new Response(text, {
        headers: { ...HEADERS, "content-type": `${type}; charset=utf-8` },
      });
    }
    if (pathname === "/connection.json" && request.method === "GET") {
      const { shop, accessToken, apiVersion } = this.#facts;
      const endpoint = `${origin}/admin/api/${apiVersion}/graphql.json`;
      return Response.json({ shop, accessToken, apiVersion, endpoint }, { headers: HEADERS });
    }
    if (pathname === "/events" && request.method === "GET") return this.#events.respond();
    if (pathname === "/actions" && request.method === "POST") return this.#act(request);
    return plain(404, "There is nothing here. The page is at /, the Admin API below /admin/.");
  }

  /** Ends the streams of all pages that listen. */
  close(): void {
    this.#events.close();
  }

  async #act(request: Request): Promise<Response> {
    // No form of another site can send this type.
    if (request.headers.get("content-type") !== "application/json") {
      return plain(415, "Send JSON.");
    }
    try {
      const input: unknown = await request.json();
      if (!isRecord(input)) throw new PageActionError("Send an object");
      const done = await act(this.#context, input);
      return Response.json({ done }, { headers: HEADERS });
    } catch (error) {
      const wrong =
        error instanceof PageActionError ||
        error instanceof SimulatorUsageError ||
        error instanceof SyntaxError;
      if (!wrong) throw error;
      return Response.json({ problem: error.message }, { status: 400, headers: HEADERS });
    } finally {
      this.#events.changed();
    }
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Does the request come from this page, or from no page at all? Other sites must not read the token. */
function isOwn(request: Request, origin: string): boolean {
  const { port } = new URL(origin);
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const host = request.headers.get("host");
  const from = request.headers.get("origin");
  return (
    (host === null || hosts.includes(host)) &&
    (from === null || hosts.some((own) => from === `http://${own}`))
  );
}

function plain(status: number, text: string): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { ...HEADERS, "content-type": "text/plain; charset=utf-8" },
  });
}
