const REDACTED = "[redacted]";

/** Removes a token from text that came from outside. */
export function redact(text: string, token: string): string {
  return text.includes(token) ? text.replaceAll(token, REDACTED) : text;
}

/** Does a value mention the token, in any property that an inspector would print? */
function mentions(value: unknown, token: string, seen: Set<object>): boolean {
  if (typeof value === "string") return value.includes(token);
  if (typeof value !== "object" || value === null || seen.has(value)) return false;
  seen.add(value);
  // Own property names, not keys: an error's message, stack and cause are not enumerable.
  return Object.getOwnPropertyNames(value).some(
    (name) => name.includes(token) || mentions(Reflect.get(value, name), token, seen),
  );
}

/**
 * An error that is safe to keep as a cause: itself, or where it mentions the token a
 * plain error with its message, the token removed.
 *
 * @remarks
 * `fetch` implementations put header values (undici, for one that is no valid header) or the whole
 * request (axios adapters) into their errors.
 */
export function redactCause(cause: unknown, token: string): unknown {
  let leaks: boolean;
  try {
    leaks = mentions(cause, token, new Set());
  } catch {
    leaks = true; // A getter that throws: what it hides is not worth the risk.
  }
  if (!leaks) return cause;
  const safe = new Error(redact(cause instanceof Error ? cause.message : String(cause), token));
  safe.stack = `${safe.name}: ${safe.message}`;
  return safe;
}

/**
 * Parses JSON from outside, the token removed, also where the server wrote it with escapes.
 *
 * @throws SyntaxError where the text is no JSON
 */
export function parseRedacted(text: string, token: string): unknown {
  const safe = redact(text, token);
  const value: unknown = JSON.parse(safe);
  if (!safe.includes("\\")) return value;
  const again = JSON.stringify(value);
  const literal = JSON.stringify(token).slice(1, -1);
  return again.includes(literal) ? JSON.parse(redact(again, literal)) : value;
}
