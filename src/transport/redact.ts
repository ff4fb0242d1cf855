import { isObject } from "../is-object.js";

const REDACTED = "[redacted]";

/** Shorter tokens, such as a test's `"test"`, are no secrets, and redacting them would destroy the text. */
const SHORTEST_SECRET = 8;

/** How many times longer than the token it can be in an encoding. */
export const LONGEST_ENCODING = 13;

/** Each character as it is, or escaped as JSON (also JSON within JSON) or a URL may escape it. */
function escapedPattern(token: string): string {
  const characters = [...token].map((character) => {
    const code = anyCase(character.charCodeAt(0).toString(16).padStart(2, "0"));
    const literal = character.replace(/\W/, String.raw`\$&`);
    return String.raw`(?:\\{0,8}${literal}|\\{1,8}u00${code}|%${code})`;
  });
  return characters.join("");
}

function hexPattern(token: string): string {
  return [...token].map((character) => anyCase(character.charCodeAt(0).toString(16))).join("");
}

function anyCase(hex: string): string {
  return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

/** Base64 of text that contains the token, which depends on where in a group of three bytes the token begins. */
function base64Patterns(token: string): readonly string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = btoa("\0".repeat(offset) + token);
    // The first and last characters also encode the token's neighbors.
    const certain = encoded.slice(
      Math.ceil((offset * 4) / 3),
      Math.floor(((offset + token.length) * 4) / 3),
    );
    const pattern = certain.replace(/[+/]/g, (sign) => (sign === "+" ? "[+-]" : String.raw`[\/_]`));
    return `[A-Za-z0-9+/_-]{0,2}${pattern}[A-Za-z0-9+/_-]?`;
  });
}

let last: { readonly token: string; readonly pattern: RegExp } | undefined;

function patternOf(token: string): RegExp {
  if (last?.token !== token) {
    const patterns = [escapedPattern(token), hexPattern(token), ...base64Patterns(token)];
    last = { token, pattern: new RegExp(patterns.join("|"), "g") };
  }
  return last.pattern;
}

/** Removes a token from text that came from outside: as it is, escaped, in hexadecimal or in base64. */
export function redact(text: string, token: string): string {
  return token.length < SHORTEST_SECRET || text.length < token.length
    ? text
    : text.replace(patternOf(token), REDACTED);
}

/** Removes a token from every text in a JSON value. */
export function redactJson<T>(value: T, token: string): T {
  const text = JSON.stringify(value);
  const safe = redact(text, token);
  return safe === text ? value : (JSON.parse(safe) as T); // the same value but for some text
}

/** Whether an inspector shows nothing of an object but its own properties. A `Headers` or a `Map` holds more. */
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

/** Whether a value mentions the token anywhere that an inspector would print. */
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

/** The message of anything that was thrown. */
function messageOf(thrown: unknown): string {
  try {
    return String(isObject(thrown) ? (thrown["message"] ?? "") : thrown);
  } catch {
    return ""; // A getter or a `toString` that throws.
  }
}

/**
 * An error that is safe to keep as a cause: itself, or a plain error with its message and without the
 * token if it could show the token.
 *
 * @remarks
 * `fetch` implementations put header values (undici, for one that is not a valid header) or the whole
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
  const safe = new Error(redact(messageOf(cause), token));
  safe.stack = `${safe.name}: ${safe.message}`;
  return safe;
}
