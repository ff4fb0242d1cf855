import type { ApiVersion } from "shopify-usage-billing/api-versions";

const VERSION_IN_PATH = /\/admin\/api\/([\w-]+)\//;

/** An endpoint that was given instead of the shop's own. */
export interface Endpoint {
  readonly url: string;
  /** Is it on this machine, as the simulator is? */
  readonly isLocal: boolean;
}

/** The API version that an endpoint's path names; null where it names none. */
export function versionInEndpoint(endpoint: string): string | null {
  return VERSION_IN_PATH.exec(endpoint)?.[1] ?? null;
}

/**
 * The endpoint to call; one without a path gets that of the Admin API.
 *
 * @remarks
 * What is no URL is left as it is: the client refuses it.
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
