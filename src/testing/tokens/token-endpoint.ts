import type { Account } from "../billing/account.js";
import type { AccessTokens } from "./access-tokens.js";
import type { OfflineToken } from "./offline-token.js";
import { isSigned, readClaims } from "./session-token.js";

/** Where apps exchange refresh tokens and session tokens for access tokens. */
export const TOKEN_PATH = "/admin/oauth/access_token";

const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";
const OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token";

/** The response to a request for a token. */
export interface TokenAnswer {
  readonly status: number;
  readonly body: object;
  /** The app in the shop that asked. `null` if that is unknown. */
  readonly account: Account | null;
  /** The error code. `null` if a token was issued. */
  readonly error: string | null;
}

/** What the endpoint knows. */
export interface TokenSurroundings {
  readonly tokens: AccessTokens;
  /** The apps in the shops that the request can be for. */
  readonly accounts: readonly Account[];
  readonly now: () => number;
}

/**
 * Answers a request to `/admin/oauth/access_token`.
 *
 * @remarks
 * The requests and the body of a success are documented by Shopify, "requires an active refresh_token"
 * was reported by developers, and `invalid_subject_token` is what Shopify's packages expect. The other
 * errors are a choice. Authorization codes and online tokens are not supported.
 */
export async function answerTokenRequest(
  contentType: string,
  body: string,
  surroundings: TokenSurroundings,
): Promise<TokenAnswer> {
  const parameters = readParameters(contentType, body);
  switch (parameters.get("grant_type")) {
    case "refresh_token":
      return refresh(parameters, surroundings);
    case EXCHANGE:
      if (parameters.get("requested_token_type") !== OFFLINE) {
        return refuse(400, "invalid_request", "Only offline access tokens can be requested");
      }
      return parameters.get("subject_token_type") === ID_TOKEN
        ? exchange(parameters, surroundings)
        : migrate(parameters, surroundings);
    default:
      return refuse(400, "unsupported_grant_type", "The grant type is not supported");
  }
}

/** Returns what kind of exchange a request asks for. `null` for an unknown kind, which may hold a secret. */
export function grantType(contentType: string, body: string): string | null {
  const grant = readParameters(contentType, body).get("grant_type");
  return grant === "refresh_token" || grant === EXCHANGE ? grant : null;
}

type Parameters = ReadonlyMap<string, string>;

function readParameters(contentType: string, body: string): Parameters {
  if (contentType.startsWith("application/x-www-form-urlencoded")) {
    return new Map(new URLSearchParams(body));
  }
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== "object" || parsed === null) return new Map();
    return new Map(Object.entries(parsed).map(([name, value]) => [name, String(value)]));
  } catch {
    return new Map();
  }
}

function refresh(
  parameters: Parameters,
  { tokens, accounts, now }: TokenSurroundings,
): TokenAnswer {
  const refreshToken = parameters.get("refresh_token") ?? "";
  const owner = tokens.ownerOf(refreshToken);
  const account = owner !== null && accounts.includes(owner) ? owner : null;
  if (account !== null && !isClient(account, parameters)) return wrongClient(account);
  const token = account && tokens.refresh(refreshToken);
  if (account === null || token === null) {
    const description = "This request requires an active refresh_token";
    return refuse(401, "invalid_request", description, account);
  }
  return issue(account, token, now());
}

/** From the session token that an embedded app's page sends. */
async function exchange(
  parameters: Parameters,
  { tokens, accounts, now }: TokenSurroundings,
): Promise<TokenAnswer> {
  const sessionToken = parameters.get("subject_token") ?? "";
  const claims = readClaims(sessionToken);
  const account = accounts.find(
    ({ domain, apiKey }) => claims?.dest === `https://${domain}` && claims.aud === apiKey,
  );
  if (!account || !(await isSigned(sessionToken, account.apiSecret))) {
    return refuse(400, "invalid_subject_token", "The session token is invalid", account);
  }
  if (!isClient(account, parameters)) return wrongClient(account);
  if (parameters.get("expiring") === "1") {
    return issue(account, tokens.issueExpiring(account), now());
  }
  // Asking again gives the same token (documented by Shopify).
  const current = tokens.current(account);
  const token = current?.expiresAt === null ? current : tokens.issuePermanent(account);
  return issue(account, token, now());
}

/** From a token that does not expire to one that does. */
function migrate(
  parameters: Parameters,
  { tokens, accounts, now }: TokenSurroundings,
): TokenAnswer {
  const old = parameters.get("subject_token") ?? "";
  const access = tokens.find(old);
  const isPermanent = access?.expiresAt === null && accounts.includes(access.account);
  if (access === null || !isPermanent || parameters.get("expiring") !== "1") {
    return refuse(400, "invalid_subject_token", "The access token cannot be exchanged");
  }
  const { account } = access;
  if (!isClient(account, parameters)) return wrongClient(account);
  tokens.revoke(old);
  return issue(account, tokens.issueExpiring(account), now());
}

function isClient({ apiKey, apiSecret }: Account, parameters: Parameters): boolean {
  return parameters.get("client_id") === apiKey && parameters.get("client_secret") === apiSecret;
}

function wrongClient(account: Account): TokenAnswer {
  return refuse(401, "invalid_client", "The client id or client secret is wrong", account);
}

function refuse(
  status: number,
  error: string,
  description: string,
  account: Account | null = null,
): TokenAnswer {
  return { status, body: { error, error_description: description }, account, error };
}

function issue(account: Account, token: OfflineToken, now: number): TokenAnswer {
  const { accessToken, expiresAt, refreshToken, refreshTokenExpiresAt } = token;
  const seconds = (time: number): number => Math.floor((time - now) / 1000);
  const body = {
    access_token: accessToken,
    scope: account.scopes.join(","),
    ...(expiresAt !== null && { expires_in: seconds(expiresAt) }),
    ...(refreshToken !== null && { refresh_token: refreshToken }),
    ...(refreshTokenExpiresAt !== null && {
      refresh_token_expires_in: seconds(refreshTokenExpiresAt),
    }),
  };
  return { status: 200, body, account, error: null };
}
