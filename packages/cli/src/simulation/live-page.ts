import { readFileSync } from "node:fs";
import { type AdminSimulator, type Shop, SimulatorUsageError } from "shopify-usage-billing/testing";
import { requestDetails, webhookDetails } from "./activity.js";
import { ArmedFaults } from "./armed-faults.js";
import { EventStream } from "./event-stream.js";
import { act, PageActionError, type PageActionContext } from "./page-action.js";
import { Snapshots } from "./snapshot.js";
import { WebhookAddress } from "./webhook-address.js";

/** What the page shows. */
export interface LivePageOptions {
  readonly admin: AdminSimulator;
  readonly shop: Shop;
  /** The app's client secret, which signs webhooks. */
  readonly apiSecret: string;
  /** The API version that the page shows and uses for its own charges. */
  readonly apiVersion: string;
  /** Simulated milliseconds for each real one. */
  readonly speed: number;
  /** Where webhooks go at the start. Default: nowhere. */
  readonly webhooksTo?: string | undefined;
}

/** How an app connects. */
export interface Connection {
  readonly endpoint: string;
  readonly shop: string;
  readonly accessToken: string;
  /** `null` if the access token does not expire. */
  readonly refreshToken: string | null;
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** The page loads nothing from other origins, and no other origin can embed it or read from it. */
const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** Beside the built program. */
const DIRECTORY = new URL("page/", import.meta.url);

const FILES: Readonly<Record<string, readonly [name: string, type: string]>> = {
  "/": ["page.html", "text/html"],
  "/page.css": ["page.css", "text/css"],
  "/page.js": ["page.js", "text/javascript"],
};

/** The page that shows what happens in the simulator, and the requests that it makes. */
export class LivePage {
  readonly #context: PageActionContext;
  readonly #apiSecret: string;
  readonly #events: EventStream;

  constructor({ admin, shop, apiSecret, apiVersion, speed, webhooksTo }: LivePageOptions) {
    const armed = new ArmedFaults(admin);
    const webhooks = new WebhookAddress(shop);
    if (webhooksTo !== undefined) webhooks.set(webhooksTo);
    const snapshots = new Snapshots({ admin, shop, armed, webhooks, speed });
    this.#context = { admin, shop, armed, webhooks, apiVersion };
    this.#apiSecret = apiSecret;
    this.#events = new EventStream(() => snapshots.take(), HEADERS);
    for (const name of ["request", "usageRecord", "subscription", "webhook"] as const) {
      admin.on(name, () => this.#events.changed());
    }
  }

  /** Responds to a request that is not for the Admin API. */
  async respond(request: Request): Promise<Response> {
    const { pathname, origin } = new URL(request.url);
    if (!isOwn(request, origin)) return plain(403, "Only this page itself may send requests here.");
    if (request.method === "POST" && pathname === "/actions") return this.#act(request);
    if (request.method !== "GET") return notFound();
    if (pathname === "/events") return this.#events.respond();
    if (pathname === "/connection") return json(200, this.#connection(origin));
    if (pathname.startsWith("/activity/")) return this.#details(pathname.slice(10));
    const file = FILES[pathname];
    if (!file) return notFound();
    const [name, type] = file;
    return new Response(readFileSync(new URL(name, DIRECTORY)), {
      headers: { ...HEADERS, "content-type": `${type}; charset=utf-8` },
    });
  }

  /** Ends the streams of all open pages. */
  close(): void {
    this.#events.close();
  }

  #connection(origin: string): Connection {
    const { shop, apiVersion } = this.#context;
    const { accessToken = "", refreshToken = null } = shop.offlineToken ?? {};
    const endpoint = `${origin}/admin/api/${apiVersion}/graphql.json`;
    const { domain, apiKey } = shop;
    return {
      endpoint,
      shop: domain,
      accessToken,
      refreshToken,
      apiKey,
      apiSecret: this.#apiSecret,
    };
  }

  #details(id: string): Response {
    const { requests, webhooks } = this.#context.admin;
    const request = requests.find((record) => record.id === id);
    if (request) return json(200, requestDetails(request));
    const webhook = webhooks.find((webhook) => webhook.id === id);
    return webhook ? json(200, webhookDetails(webhook)) : notFound();
  }

  async #act(request: Request): Promise<Response> {
    // A form on another site cannot send this type.
    if (!/^application\/json\b/.test(request.headers.get("content-type") ?? "")) {
      return plain(415, "Send JSON.");
    }
    try {
      const input: unknown = await request.json();
      if (!isRecord(input)) throw new PageActionError("An action must be a JSON object");
      return json(200, { done: await act(this.#context, input) });
    } catch (error) {
      const isRefusal =
        error instanceof PageActionError ||
        error instanceof SimulatorUsageError ||
        error instanceof SyntaxError;
      if (!isRefusal) throw error;
      return json(400, { problem: error.message });
    } finally {
      this.#events.changed();
    }
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Whether a request comes from this page, or from no page. Other sites must neither read the token
 * nor change anything, not even under a name of their own that points to this machine.
 */
function isOwn(request: Request, origin: string): boolean {
  const { port } = new URL(origin);
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const from = request.headers.get("origin");
  return (
    hosts.includes(request.headers.get("host") ?? "") &&
    (from === null || hosts.some((host) => from === `http://${host}`))
  );
}

function json(status: number, body: object): Response {
  return Response.json(body, { status, headers: HEADERS });
}

function plain(status: number, text: string): Response {
  const headers = { ...HEADERS, "content-type": "text/plain; charset=utf-8" };
  return new Response(`${text}\n`, { status, headers });
}

function notFound(): Response {
  return plain(404, "There is nothing here. The page is at /, the Admin API below /admin/.");
}
