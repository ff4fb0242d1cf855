const REDACTED = "[redacted]";

/** How many times longer than the token it can be where it is escaped. */
export const LONGEST_ESCAPE = 13;

/** The token as JSON may write it: each letter as it is, or escaped, also as JSON within JSON. */
function patternOf(token: string): RegExp {
  const letters = [...token].map((letter) => {
    const code = letter.charCodeAt(0).toString(16).padStart(4, "0");
    const anyCase = code.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
    const literal = letter.replace(/\W/, String.raw`\$&`);
    return String.raw`(?:\\{0,8}${literal}|\\{1,8}u${anyCase})`;
  });
  return new RegExp(letters.join(""), "g");
}

/** Removes a token from text that came from outside, also where JSON escaped it. */
export function redact(text: string, token: string): string {
  if (text.includes("\\")) return text.replace(patternOf(token), REDACTED);
  return text.includes(token) ? text.replaceAll(token, REDACTED) : text;
}

/** Can an inspector show nothing of an object but its own properties? A `Headers` or a `Map` keeps more to itself. */
function isTransparent(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    prototype === null ||
    prototype === Object.prototype ||
    Array.isArray(value) ||
    ArrayBuffer.isView(value) ||
    value instanceof Error
  );
}

/** Can a value mention the token, anywhere that an inspector would print? */
function mayMention(value: unknown, token: string, seen: Set<object>): boolean {
  if (typeof value === "string") return redact(value, token) !== value;
  if (typeof value === "function") return true;
  if (typeof value !== "object" || value === null || seen.has(value)) return false;
  seen.add(value);
  if (!isTransparent(value)) return true;
  if (ArrayBuffer.isView(value)) return false;
  // All own keys: an error's message, stack and cause are not enumerable.
  return Reflect.ownKeys(value).some(
    (key) =>
      mayMention(typeof key === "symbol" ? key.description : key, token, seen) ||
      mayMention(Reflect.get(value, key), token, seen),
  );
}

/**
 * An error that is safe to keep as a cause: itself, or where it could show the token a
 * plain error with its message, the token removed.
 *
 * @remarks
 * `fetch` implementations put header values (undici, for one that is no valid header) or the whole
 * request (axios adapters) into their errors.
 */
export function redactCause(cause: unknown, token: string): unknown {
  let leaks: boolean;
  try {
    leaks = mayMention(cause, token, new Set());
  } catch {
    leaks = true; // A getter that throws: what it hides is not worth the risk.
  }
  if (!leaks) return cause;
  const safe = new Error(redact(cause instanceof Error ? cause.message : String(cause), token));
  safe.stack = `${safe.name}: ${safe.message}`;
  return safe;
}

/**
 * Can JSON hold a word in escapes? That is a letter, digit, `_` or `-` as `\u00..`, or after a backslash that JSON gives
 * no meaning to; also as JSON within JSON.
 */
const ESCAPED_WORD = /\\(?:u00(?:2[dD]|3\d|[4-7][\da-fA-F])|[^"\\/bfnrtu])/;
const WORD = /^[\w-]+$/;

/**
 * Parses JSON from outside, the token removed.
 *
 * @remarks
 * A page of records is long and full of `\"`: where no escape can be part of the token, only the token itself is looked for.
 *
 * @throws SyntaxError where the text is no JSON
 */
export function parseRedacted(text: string, token: string): unknown {
  const plain = !text.includes("\\") || (WORD.test(token) && !ESCAPED_WORD.test(text));
  if (plain && !text.includes(token)) return JSON.parse(text);
  return JSON.parse(redact(text, token));
}
