"use client";

import type { SSRData } from "@urql/core";
import { useMemo, useState, type ReactElement, type ReactNode } from "react";
import { Provider, type Client } from "urql";
import type { ApiVersion } from "../api-versions.js";
import { createReadingClient } from "./reading-client.js";

interface OwnClientProps {
  readonly children?: ReactNode;
  /**
   * A path or URL on the app's own server that responds with `answerRead`.
   *
   * @defaultValue App Bridge's direct API access, `shopify:admin/api/<version>/graphql.json`
   */
  readonly endpoint?: string | undefined;
  /**
   * The API version to use for direct API access.
   *
   * @defaultValue `"2026-10"`, the version of the hooks' types
   */
  readonly apiVersion?: ApiVersion | undefined;
  /**
   * The result of `prefetchUsage`, from the server that rendered the page. Only the first render
   * uses it.
   */
  readonly initialState?: SSRData | undefined;
  readonly client?: undefined;
}

interface ForeignClientProps {
  readonly children?: ReactNode;
  /**
   * A urql `Client`: from `createReadingClient`, or the app's own. It must not change between
   * renders.
   */
  readonly client: Client;
  readonly endpoint?: undefined;
  readonly apiVersion?: undefined;
  readonly initialState?: undefined;
}

/** How the hooks inside it reach their data. */
export type UsageBillingProviderProps = OwnClientProps | ForeignClientProps;

/**
 * Connects the hooks inside it to their data: through App Bridge, the app's own server, or a urql
 * client.
 *
 * @remarks
 * It is urql's `Provider` with a client that only reads, so urql's own hooks work inside it, too.
 * Put it around the pages that show usage, inside the app's own urql `Provider` if there is one.
 *
 * @example
 * ```tsx
 * <UsageBillingProvider endpoint="/api/usage-billing">
 *   <UsagePage />
 * </UsageBillingProvider>
 * ```
 */
export function UsageBillingProvider({
  children,
  client,
  endpoint,
  apiVersion,
  initialState,
}: UsageBillingProviderProps): ReactElement {
  const [firstState] = useState(initialState);
  const value = useMemo(
    () => client ?? createReadingClient({ endpoint, apiVersion, initialState: firstState }),
    [client, endpoint, apiVersion, firstState],
  );
  // Another endpoint may be another shop, so the cache starts empty.
  return (
    <Provider key={`${endpoint} ${apiVersion}`} value={value}>
      {children}
    </Provider>
  );
}
