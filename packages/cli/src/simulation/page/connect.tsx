import { Fragment, type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Connection } from "../live-page.js";
import type { ShopView } from "../snapshot.js";
import { Card } from "./card.js";
import { Code, Copy } from "./code.js";
import { timeOfDay } from "./time.js";

const QUERY = { query: "{ currentAppInstallation { activeSubscriptions { name status } } }" };

/** How an app connects. */
export function Connect({ tokenExpiresAt }: Pick<ShopView, "tokenExpiresAt">): JSX.Element {
  const [connection, setConnection] = useState<Connection | null>(null);
  useEffect(() => {
    fetch("/connection")
      .then(async (response) => setConnection(await response.json()))
      .catch(() => undefined); // The page says elsewhere that the simulator has ended.
  }, [tokenExpiresAt]);
  const {
    endpoint = "",
    shop,
    accessToken = "",
    refreshToken,
    apiKey,
    apiSecret,
  } = connection ?? {};
  const expiry = tokenExpiresAt === null ? "" : `until ${timeOfDay(tokenExpiresAt)}`;
  const facts = [
    ["Endpoint", endpoint],
    ["Shop", shop],
    ["Access token", accessToken, expiry],
    ["Refresh token", refreshToken],
    ["Client id", apiKey],
    ["Client secret", apiSecret],
  ] as const;
  const curl = [
    `curl ${endpoint}`,
    `-H 'content-type: application/json'`,
    `-H 'x-shopify-access-token: ${accessToken}'`,
    `-d '${JSON.stringify(QUERY)}'`,
  ].join(" \\\n  ");
  return (
    <Card title="Connect">
      <dl>
        {facts.map(
          ([term, text, note]) =>
            text && (
              <Fragment key={term}>
                <dt>{term}</dt>
                <dd>
                  <code>{text}</code> <span class="muted">{note}</span>{" "}
                  <Copy text={text} what={term} />
                </dd>
              </Fragment>
            ),
        )}
      </dl>
      <Code title="A first request" text={curl} />
    </Card>
  );
}
