/**
 * System and TLS codes that mean that no connection was made, so that nothing was sent.
 * `ECONNRESET` is none of them: it also ends connections over which a charge was sent.
 */
const NEVER_CONNECTED = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_FAIL",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** Did `fetch` fail before a connection was made? Looks for the system code down the error's causes. */
export function neverConnected(error: unknown): boolean {
  let cause = error;
  for (let depth = 0; depth < 5 && cause instanceof Error; depth += 1) {
    // A host with several addresses fails with all of their errors at once.
    if (cause instanceof AggregateError && cause.errors.length > 0) {
      return cause.errors.every(neverConnected);
    }
    const code: unknown = Reflect.get(cause, "code");
    if (typeof code === "string" && NEVER_CONNECTED.has(code)) return true;
    cause = cause.cause;
  }
  return false;
}
