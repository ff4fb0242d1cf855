import type { ShopState } from "./shop.js";

/** What the ledger reads of an error of the billing client. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  /** Whether the call can have charged. Anything that is not the client's own error can. */
  readonly certainty: "notApplied" | "unknown";
  readonly retryable: boolean;
  /** Milliseconds, or `null`. */
  readonly retryAfter: number | null;
  readonly status: number | null;
}

/** Reads an error by its properties: ESM and CommonJS copies of the client may both be loaded. */
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
