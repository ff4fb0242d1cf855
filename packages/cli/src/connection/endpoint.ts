import type { ApiVersion } from "shopify-usage-billing/api-versions";

const VERSION_IN_PATH = /\/admin\/api\/([\w-]+)\//;

/** An endpoint that is called instead of the shop's own. */
export interface Endpoint {
  readonly url: string;
  /** Whether it is on this machine, as the simulator is. */
  readonly isLocal: boolean;
}

/** Returns the API version in an endpoint's path. `null` if it has none. */
export function versionInEndpoint(endpoint: string): string | null {
  return VERSION_IN_PATH.exec(endpoint)?.[1] ?? null;
}

/**
 * Completes an endpoint: if it has no path, adds that of the Admin API.
 *
 * @remarks
 * Text that is not a URL is returned unchanged, and the client refuses it.
 */
export function endpointOf(text: string, apiVersion: ApiVersion): Endpoint {
  if (!URL.canParse(text)) return { url: text, isLocal: false };
  const url = new URL(text);
  if (url.pathname === "/") url.pathname = `/admin/api/${apiVersion}/graphql.json`;
  return {
    url: url.href,
    isLocal: /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname),
  };
}
