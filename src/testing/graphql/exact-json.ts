import { isSafeNumber, LosslessNumber, parse } from "lossless-json";

/**
 * Parses JSON without rounding: a number such as `9007199254740993.01` becomes a `LosslessNumber`. Of
 * repeated keys the last one counts, as with `JSON.parse`.
 *
 * @throws SyntaxError if the text is not JSON.
 */
export function parseExactJson(text: string): unknown {
  return parse(text, null, {
    parseNumber: (digits) => (isSafeNumber(digits) ? Number(digits) : new LosslessNumber(digits)),
    onDuplicateKey: ({ newValue }) => newValue,
  });
}
