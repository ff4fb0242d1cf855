/** A number of a JSON text that a JavaScript number would round. */
export class ExactNumber {
  /** As it was written. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toJSON(): string {
    return this.text;
  }
}

const MARK = "\u0000exact:";
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;
/** Up to this many digits survive in a JavaScript number. */
const SAFE_DIGITS = 15;
const LONG_NUMBER = /\d[\d.]{15,}/;

/**
 * Parses JSON as Shopify does: an amount such as `9007199254740993.01` survives as a number, too.
 *
 * @throws SyntaxError where the text is no JSON.
 */
export function parseExactJson(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  const marked = text.replace(STRING_OR_NUMBER, (token) =>
    token.startsWith('"') || token.replace(/\D/g, "").length <= SAFE_DIGITS
      ? token
      : JSON.stringify(MARK + token),
  );
  return JSON.parse(marked, (_, value: unknown) =>
    typeof value === "string" && value.startsWith(MARK)
      ? new ExactNumber(value.slice(MARK.length))
      : value,
  );
}
