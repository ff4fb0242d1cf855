/**
 * The one rule of certainty: an attempt that was handed over may have been executed, unless its own
 * response proves that it was not. This file holds the rule and every proof; a guess is "unknown".
 */
import type { Certainty } from "../errors/usage-billing-error.js";
import type { GraphQLErrorEntry } from "../errors/graphql-request-error.js";
import { isObject } from "../is-object.js";

/** Whether anything that a call handed over may have been executed. Only a proof takes an attempt back. */
export class OpenAttempts {
  #count = 0;

  /** Counts an attempt before it is handed over; returns a function to call if its response is a proof. */
  open(): () => void {
    this.#count += 1;
    let open = true;
    return () => {
      if (open) this.#count -= 1;
      open = false;
    };
  }

  get certainty(): Certainty {
    return this.#count > 0 ? "unknown" : "notApplied";
  }

  /** The certainty of all attempts but the one that was refused, which executed nothing. */
  get certaintyBesidesRefusal(): Certainty {
    return this.#count > 1 ? "unknown" : "notApplied";
  }
}

/**
 * Statuses of 3xx and 4xx that may follow an execution: 303 points to its result, 408 and 499 end a
 * wait for it.
 */
const AFTER_EXECUTION: ReadonlySet<number> = new Set([303, 408, 499]);

/** Proof by status: a complete response with 3xx or 4xx. */
export function certaintyOfStatus(status: number, whole: boolean): Certainty {
  const isRefused = status >= 300 && status < 500 && !AFTER_EXECUTION.has(status);
  return whole && isRefused ? "notApplied" : "unknown";
}

/** Codes of GraphQL errors that are found before anything is executed (captured from live stores, or GraphQL Ruby's). */
const BEFORE_EXECUTION: ReadonlySet<unknown> = new Set([
  // Decided on the cost.
  "THROTTLED",
  "MAX_COST_EXCEEDED",
  // The document or its variables are invalid.
  "PARSE_ERROR",
  "INVALID_VARIABLE",
  "argumentLiteralsIncompatible",
  "argumentNotAccepted",
  "cannotSpreadFragment",
  "fieldConflict",
  "missingRequiredArguments",
  "missingRequiredInputObjectAttribute",
  "selectionMismatch",
  "undefinedDirective",
  "undefinedField",
  "undefinedType",
  "useAndDefineFragment",
  "variableMismatch",
  "variableNotDefined",
  "variableNotUsed",
  "variableRequiresValidType",
]);

/** Whether a path leads into the document (`["mutation Charge", "field"]`), as validation errors have it. */
function isDocumentPath(path: unknown): boolean {
  return Array.isArray(path) && /^(query|mutation|fragment)\b/.test(String(path[0]));
}

/**
 * Proof by GraphQL errors: request errors (no `data`, no path into it) with a code that is decided before execution,
 * or `ACCESS_DENIED` on every root field itself. Each error must prove it.
 *
 * @param data - the response's `data`; undefined if absent
 * @param rootFields - how many fields the operation selects at its root
 */
export function certaintyOfErrors(
  errors: readonly GraphQLErrorEntry[],
  data: unknown,
  rootFields: number,
): Certainty {
  const isRequestError = ({ path, extensions }: GraphQLErrorEntry): boolean =>
    data === undefined &&
    (!path || isDocumentPath(path)) &&
    BEFORE_EXECUTION.has(extensions?.["code"]);
  if (errors.length > 0 && errors.every(isRequestError)) return "notApplied";
  const denied = new Set<unknown>();
  for (const { path, extensions } of errors) {
    const isDenied = extensions?.["code"] === "ACCESS_DENIED";
    if (!isDenied || !Array.isArray(path) || path.length !== 1) return "unknown";
    const [field] = path;
    if (isObject(data) && (data[String(field)] ?? null) !== null) return "unknown";
    denied.add(field);
  }
  return denied.size > 0 && denied.size === rootFields ? "notApplied" : "unknown";
}

/** Codes that only connecting, resolving a name or checking a certificate can fail with. */
const NEVER_CONNECTED: ReadonlySet<unknown> = new Set([
  "ECONNREFUSED",
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
const CONNECTING: ReadonlySet<unknown> = new Set(["connect", "getaddrinfo"]);

/**
 * Proof by the error of `fetch`: the system call that failed was connecting or resolving, or its code says
 * so. Not by `EHOSTUNREACH` and its like alone: they also end connections over which a charge was sent.
 */
export function certaintyOfConnectionError(error: unknown): Certainty {
  let cause = error;
  for (let depth = 0; depth < 5 && isObject(cause); depth += 1) {
    const { code, syscall, errors } = cause;
    // A host with several addresses fails with all of their errors at once.
    if (Array.isArray(errors) && errors.length > 0) {
      return errors.every(isConnectError) ? "notApplied" : "unknown";
    }
    if (syscall !== undefined || code !== undefined) {
      return isConnectError(cause) ? "notApplied" : "unknown";
    }
    ({ cause } = cause);
  }
  return "unknown";
}

function isConnectError(error: unknown): boolean {
  if (!isObject(error)) return false;
  const { code, syscall } = error;
  return syscall === undefined ? NEVER_CONNECTED.has(code) : CONNECTING.has(syscall);
}
