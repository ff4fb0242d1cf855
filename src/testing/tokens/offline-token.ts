/** The offline access token of an app in a shop. Times are milliseconds since 1970. */
export interface OfflineToken {
  readonly accessToken: string;
  /** `null` for a token that does not expire. */
  readonly expiresAt: number | null;
  /** May be used once. `null` for a token that does not expire. */
  readonly refreshToken: string | null;
  readonly refreshTokenExpiresAt: number | null;
}
