import type { ShopState } from "./shop.js";

/** The fields of a billing client's error that the ledger reads. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  /** Whether the call can have charged. `unknown` for any error that is not the client's own. */
  readonly certainty: "notApplied" | "unknown";
  readonly retryable: boolean;
  /** Milliseconds, or `null`. */
  readonly retryAfter: number | null;
  readonly status: number | null;
}

/** Reads an error by its properties, not its class: two copies of the client may be loaded, ESM and CommonJS. */
export function failureOf(error: unknown): Failure {
  const read = (field: string): unknown =>
    typeof error === "object" && error !== null ? Reflect.get(error, field) : undefined;
  const name = String(read("name") ?? "Error");
  const [retryable, retryAfter, status] = [read("retryable"), read("retryAfter"), read("status")];
  return {
    name,
    message: String(read("message") ?? error),
    certainty: read("certainty") === "notApplied" ? "notApplied" : "unknown",
    retryable: retryable !== false,
    retryAfter: typeof retryAfter === "number" ? retryAfter : null,
    status: typeof status === "number" ? status : null,
  };
}

/** Returns the state that an error puts the whole shop in, or `null` if it does not concern the shop. */
export function shopStateOf({ name, status }: Failure): ShopState | null {
  switch (name) {
    case "AuthenticationError":
      return "tokenRefused";
    case "AccessDeniedError":
      return "accessDenied";
    case "ShopUnavailableError":
      return status === 402 ? "frozen" : "unavailable";
    default:
      return null;
  }
}
