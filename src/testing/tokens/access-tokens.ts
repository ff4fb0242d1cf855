import type { Account } from "../billing/account.js";
import type { RefreshTokenReuse } from "../billing/choices.js";
import type { Clock } from "../platform/clock.js";
import type { Random } from "../platform/random.js";
import type { OfflineToken } from "./offline-token.js";

/** What an access token opens. */
export interface Access {
  readonly account: Account;
  /** `null` for a token that does not expire. */
  readonly expiresAt: number | null;
}

interface Refresh {
  readonly account: Account;
  readonly expiresAt: number;
  /** The refresh token that this one replaced. */
  readonly replaced: string | null;
  firstUsedAt: number | null;
}

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
/** Documented by Shopify. */
const ACCESS_LIFETIME = HOUR;
/** Documented by Shopify. */
const REFRESH_LIFETIME = 90 * DAY;
/** How long a used refresh token can be used again, at most (documented by Shopify since 2026-08-28). */
const REUSE_LIFETIME = 30 * DAY;

/** The access and refresh tokens of all apps in all shops. */
export class AccessTokens {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #reuse: RefreshTokenReuse;
  readonly #access: Map<string, Access> = new Map();
  readonly #refresh: Map<string, Refresh> = new Map();
  readonly #current: Map<Account, OfflineToken> = new Map();

  constructor(clock: Clock, random: Random, reuse: RefreshTokenReuse) {
    this.#clock = clock;
    this.#random = random;
    this.#reuse = reuse;
  }

  /** Returns what a token opens, or would open if it had not expired. `null` for an unknown token. */
  find(accessToken: string): Access | null {
    return this.#access.get(accessToken) ?? null;
  }

  /** Returns the token that an app was given last. `null` after it was uninstalled. */
  current(account: Account): OfflineToken | null {
    return this.#current.get(account) ?? null;
  }

  /** Issues a token that does not expire. */
  issuePermanent(account: Account, accessToken: string = this.#newToken("shpat")): OfflineToken {
    this.#access.set(accessToken, { account, expiresAt: null });
    const token = { accessToken, expiresAt: null, refreshToken: null, refreshTokenExpiresAt: null };
    this.#current.set(account, token);
    return token;
  }

  /** Issues a token of an hour, with a refresh token. */
  issueExpiring(
    account: Account,
    accessToken: string = this.#newToken("shpat"),
    replaced: string | null = null,
  ): OfflineToken {
    const now = this.#clock.now();
    const token = {
      accessToken,
      expiresAt: now + ACCESS_LIFETIME,
      refreshToken: this.#newToken("shprt"),
      refreshTokenExpiresAt: now + REFRESH_LIFETIME,
    };
    this.#access.set(accessToken, { account, expiresAt: token.expiresAt });
    this.#refresh.set(token.refreshToken, {
      account,
      expiresAt: token.refreshTokenExpiresAt,
      replaced,
      firstUsedAt: null,
    });
    this.#current.set(account, token);
    return token;
  }

  /** Returns whose refresh token this is, used or not. `null` for an unknown one. */
  ownerOf(refreshToken: string): Account | null {
    return this.#refresh.get(refreshToken)?.account ?? null;
  }

  /**
   * Exchanges a refresh token for a new pair. `null` if it has expired or was used before.
   *
   * @remarks
   * That the access token of the old pair ends at once was reported by developers.
   */
  refresh(refreshToken: string): OfflineToken | null {
    const refresh = this.#refresh.get(refreshToken);
    const now = this.#clock.now();
    if (!refresh || now >= refresh.expiresAt || !this.#mayUse(refresh, now)) return null;
    refresh.firstUsedAt ??= now;
    if (refresh.replaced !== null) this.#refresh.delete(refresh.replaced);
    const old = this.#current.get(refresh.account);
    if (old?.refreshToken === refreshToken) this.#access.delete(old.accessToken);
    return this.issueExpiring(refresh.account, undefined, refreshToken);
  }

  /** Ends an access token. */
  revoke(accessToken: string): void {
    this.#access.delete(accessToken);
  }

  /** Ends all tokens of an app in a shop, as uninstalling does (documented by Shopify). */
  revokeAll(account: Account): void {
    for (const [token, access] of this.#access) {
      if (access.account === account) this.#access.delete(token);
    }
    for (const [token, refresh] of this.#refresh) {
      if (refresh.account === account) this.#refresh.delete(token);
    }
    this.#current.delete(account);
  }

  #mayUse({ firstUsedAt }: Refresh, now: number): boolean {
    if (firstUsedAt === null) return true;
    return this.#reuse === "untilReplacementIsUsed" && now < firstUsedAt + REUSE_LIFETIME;
  }

  #newToken(kind: "shpat" | "shprt"): string {
    return `${kind}_${this.#random.hex(32)}`;
  }
}
