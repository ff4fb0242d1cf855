"use client";

import type { SSRData } from "@urql/core";
import { useMemo, useState, type ReactElement, type ReactNode } from "react";
import { Provider, type Client } from "urql";
import type { ApiVersion } from "../api-versions.js";
import { createReadingClient } from "./reading-client.js";

interface OwnClientProps {
  readonly children?: ReactNode;
  /**
   * A path or URL of the app's own server that answers with `answerRead`.
   *
   * @defaultValue App Bridge's direct API access, `shopify:admin/api/<version>/graphql.json`
   */
  readonly endpoint?: string | undefined;
  /** The API version that direct API access names. @defaultValue `"2026-10"`, the version of the hooks' types */
  readonly apiVersion?: ApiVersion | undefined;
  /** What the server read that rendered the page, of `prefetchUsage`; only that of the first render counts. */
  readonly initialState?: SSRData | undefined;
  readonly client?: undefined;
}

interface ForeignClientProps {
  readonly children?: ReactNode;
  /** A urql `Client`: of `createReadingClient`, or one that the app owns. It must not change between renders. */
  readonly client: Client;
  readonly endpoint?: undefined;
  readonly apiVersion?: undefined;
  readonly initialState?: undefined;
}

/** How the hooks below reach what they read. */
export type UsageBillingProviderProps = OwnClientProps | ForeignClientProps;

/**
 * Gives the hooks below it what they read through: App Bridge, the app's own server, or a urql client.
 *
 * @remarks
 * It is urql's `Provider` with a client that only reads, so it also serves urql's own hooks below it:
 * put it around the pages that show usage, and within a `Provider` of the app's own if there is one.
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
  // Another endpoint may be another shop: nothing that was read before stays.
  return (
    <Provider key={`${endpoint} ${apiVersion}`} value={value}>
      {children}
    </Provider>
  );
}
