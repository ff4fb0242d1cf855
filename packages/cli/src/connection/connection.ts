import type {
  AdminApi,
  LeanUsageRecord,
  Subscription,
  UsageBillingClientOf,
  UsageBillingClientOptions,
  UsageBillingEvent,
  UsageRecord,
} from "shopify-usage-billing";
import type { ApiVersion } from "shopify-usage-billing/api-versions";
import { COMMAND } from "../command-name.js";
import { CommandLineError } from "../failure/command-line-error.js";
import { printable } from "../output/printable.js";
import type { Terminal } from "../output/terminal.js";
import { findAccessToken } from "./access-token.js";
import { checkApiVersion, currentApiVersion } from "./api-version.js";
import type { ConnectionOptions } from "./connection-options.js";
import { endpointOf, versionInEndpoint, type Endpoint } from "./endpoint.js";
import { Settings, VARIABLES, type Setting } from "./settings.js";

/** The types of an API version, as far as the command line uses them. */
export interface Api extends AdminApi {
  Subscription: Subscription;
  UsageRecord: UsageRecord;
  LeanUsageRecord: LeanUsageRecord;
}

/** A client of any version. */
export type Billing = UsageBillingClientOf<Api>;

/** A charge. Only the shop can check its currency. */
export type ChargeInput = Parameters<Billing["createUsageRecord"]>[0];

/** The exports of every version's entry. */
interface VersionEntry {
  createUsageBillingClient(options: UsageBillingClientOptions): Billing;
}

/** A connection to a shop. */
export interface Connection {
  readonly billing: Billing;
  /** `example.myshopify.com` */
  readonly shop: string;
  readonly apiVersion: ApiVersion;
  /** The server that is called instead of the shop's. `null` if there is none. */
  readonly origin: string | null;
  /** Whether the calls stay on this machine. Then no merchant is billed. */
  readonly isLocal: boolean;
  /** The server's time in milliseconds since 1970, by its last response: the simulator has its own clock. */
  now(): number;
}

/** Learns the server's time from the `Date` of its responses. */
class ServerClock {
  /** How far the server's clock is ahead of ours, in milliseconds. */
  #ahead = 0;

  readonly fetch: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    const time = Date.parse(response.headers.get("date") ?? "");
    // `Date` has whole seconds, so a small difference means nothing.
    if (!Number.isNaN(time))
      this.#ahead = Math.abs(time - Date.now()) < 2000 ? 0 : time - Date.now();
    return response;
  };

  now(): number {
    return Date.now() + this.#ahead;
  }
}

/** `example` stands for `example.myshopify.com`. */
function shopDomain(text: string): string {
  return /^[a-z\d][a-z\d-]*$/i.test(text) ? `${text}.myshopify.com` : text;
}

/** Finds the shop. @throws CommandLineError if there is none */
export function findShop(settings: Settings, option: string | undefined): string {
  const setting = settings.find("shop", option);
  if (setting) return shopDomain(setting.value);
  throw new CommandLineError(
    "The shop is missing",
    `Give --shop example.myshopify.com, or set ${VARIABLES.shop} in the environment or a .env file.`,
  );
}

/**
 * Refuses an endpoint from a `.env` file if the token does not come from that file: a project's
 * file must not collect tokens.
 */
function checkSources(
  settings: Settings,
  options: ConnectionOptions,
  source: Setting | null,
  endpoint: Endpoint | null,
): void {
  if (source?.source !== "file" || endpoint?.isLocal) return;
  const token = options.accessTokenStdin ? null : settings.find("accessToken", options.accessToken);
  if (token?.source === "file") return;
  throw new CommandLineError(
    `The .env file names an endpoint (${VARIABLES.endpoint}), but the access token does not come from that file`,
    "Give --endpoint on the command line, so that no file can send your token elsewhere.",
  );
}

/** Connects to a shop, without sending anything yet. */
export async function connect(
  options: ConnectionOptions,
  terminal: Terminal,
  stopped: AbortSignal,
): Promise<Connection> {
  const settings = await Settings.read(terminal.environment, options.dotenv);
  const shop = findShop(settings, options.shop);
  const endpointSetting = settings.find("endpoint", options.endpoint);
  const named =
    settings.find("apiVersion", options.apiVersion)?.value ??
    (endpointSetting && versionInEndpoint(endpointSetting.value));
  const apiVersion = named === null ? currentApiVersion(Date.now()) : checkApiVersion(named);
  const endpoint: Endpoint | null =
    endpointSetting && endpointOf(endpointSetting.value, apiVersion);
  checkSources(settings, options, endpointSetting, endpoint);
  const token = await findAccessToken(settings, options, shop, terminal, stopped);
  const clock = new ServerClock();

  // Imported by name, so that a new version needs no change here.
  const entry: VersionEntry = await import(`shopify-usage-billing/${apiVersion}`);
  const billing = entry.createUsageBillingClient({
    shop,
    accessToken: token.value,
    fetch: clock.fetch,
    ...(endpoint && { endpoint: endpoint.url }),
    ...(options.timeout !== undefined && { timeout: options.timeout }),
    ...(options.attempts !== undefined && { retry: { attempts: options.attempts } }),
    onEvent: (event) => {
      report(event, terminal, options.debug ?? false);
    },
  });
  return {
    billing,
    shop: shop.toLowerCase(),
    apiVersion,
    origin: endpoint && new URL(endpoint.url).origin,
    isLocal: endpoint?.isLocal ?? false,
    now: () => clock.now(),
  };
}

/** Reports what the transport does: drift and deprecation always, the rest with `--debug`. */
function report(event: UsageBillingEvent, terminal: Terminal, debug: boolean): void {
  const text = textOf(event);
  if (event.type === "warning") return; // The commands print `meta.warnings` themselves.
  if (event.type === "versionDrift" || event.type === "deprecation") void terminal.warn(text);
  else if (debug) void terminal.err.line(terminal.err.colors.dim(printable(text)));
}

function textOf(event: UsageBillingEvent): string {
  switch (event.type) {
    case "versionDrift":
      return `Shopify served API version ${event.served}, not ${event.requested}: see \`${COMMAND} versions\`.`;
    case "deprecation":
      return `This call uses something that Shopify has deprecated: ${event.reason}`;
    case "request":
      return `→ ${name(event)} attempt ${event.attempt}`;
    case "response": {
      const status = event.error?.message ?? event.status ?? "answered";
      const id = event.requestId === null ? "" : ` (${event.requestId})`;
      return `← ${name(event)} ${status} after ${Math.round(event.duration)} ms${id}`;
    }
    case "retry":
      return `↻ ${name(event)} again in ${Math.round(event.wait)} ms: ${event.error?.message ?? "the key is in use"}`;
    case "warning":
      return event.warning.message;
    case "pacing":
      return `… ${event.waiting} waiting for ${Math.round(event.wait)} ms to keep to the rate limit`;
  }
}

function name(event: { operationName: string | null; idempotencyKey: string | null }): string {
  const key = event.idempotencyKey === null ? "" : ` ${event.idempotencyKey}`;
  return (event.operationName ?? "request") + key;
}
