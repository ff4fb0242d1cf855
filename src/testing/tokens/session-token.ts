/** What is read of a session token: the JWT with which App Bridge speaks for a shop's user. */
interface Claims {
  /** `https://example.myshopify.com` */
  readonly dest: string;
  /** The app's client id. */
  readonly aud: string;
}

/**
 * Returns the claims of a session token. `null` if it is malformed.
 *
 * @remarks
 * They can be trusted only once {@link isSigned} has said so. Its times are not checked: they are real
 * ones, and the simulated clock may stand elsewhere.
 */
export function readClaims(token: string): Claims | null {
  const [, payload] = token.split(".");
  if (payload === undefined) return null;
  try {
    const claims: unknown = JSON.parse(text(payload));
    if (typeof claims !== "object" || claims === null) return null;
    const { dest, aud } = claims as Record<string, unknown>; // JSON enters
    return typeof dest === "string" && typeof aud === "string" ? { dest, aud } : null;
  } catch {
    return null;
  }
}

/** Whether a session token was signed with the app's secret. */
export async function isSigned(token: string, secret: string): Promise<boolean> {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, [
    "verify",
  ]);
  const signed = encoder.encode(`${header}.${payload}`);
  try {
    return await crypto.subtle.verify("HMAC", key, bytes(signature), signed);
  } catch {
    return false;
  }
}

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  const base64 = base64url.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function text(base64url: string): string {
  return new TextDecoder().decode(bytes(base64url));
}
