import { isObject } from "../is-object.js";

/** No message of Shopify's comes near it; a proxy's page may. */
const LONGEST = 500;

/**
 * Returns what a failed response says in its own words.
 *
 * @remarks
 * Shopify's `errors` is a text, a list of errors, or texts by field; OAuth's is `error_description`.
 *
 * @returns null if the body has no words, such as an HTML page
 */
export function wordsOf(body: string): string | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    const text = body.trim();
    return text === "" || text.startsWith("<") ? null : text.slice(0, LONGEST);
  }
  if (!isObject(parsed)) return null;
  const { errors, error, error_description: description, message } = parsed;
  const words = [errors, description, error, message].flatMap((part) => textsIn(part));
  return words.length === 0 ? null : words.join("; ").slice(0, LONGEST);
}

function textsIn(part: unknown): readonly string[] {
  if (typeof part === "string") return part.trim() === "" ? [] : [part];
  if (Array.isArray(part)) return part.flatMap((entry: unknown) => textsIn(entry));
  if (!isObject(part)) return [];
  const { message } = part;
  if (typeof message === "string") return [message];
  return Object.entries(part).flatMap(([field, value]) =>
    Array.isArray(value) || typeof value === "string"
      ? textsIn(value).map((text) => `${field} ${text}`)
      : [],
  );
}
