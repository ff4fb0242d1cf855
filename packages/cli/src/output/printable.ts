/** Controls (C0, DEL and C1), line separators, and marks that change the direction of writing. */
const CONTROLS = String.raw`\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}`;

const STEERING = new RegExp(`[${CONTROLS}]+`, "gu");

/** The same, apart from line breaks, tabs and the colours that this command writes itself. */
const STRAY = new RegExp(String.raw`(\u001b\[[\d;]*m)|(?![\n\t])[${CONTROLS}]`, "gu");

/** The controls that JSON may contain unescaped. */
const UNESCAPED = /[\u007f-\u009f\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/**
 * Makes text from outside safe to show on one line of a terminal.
 *
 * @remarks
 * A description that an app took from its customers must not clear the screen, colour it, or
 * reverse what is beside it.
 */
export function printable(text: string): string {
  return text.replaceAll(STEERING, " ");
}

/** Replaces all control characters, except line breaks, tabs and colours. */
export function withoutStrayControls(text: string): string {
  return text.replaceAll(STRAY, (found: string, color: string | undefined) =>
    color === undefined ? " " : found,
  );
}

/** Formats a value as JSON that is safe to show on a terminal, and that reads back as the same value. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    UNESCAPED,
    (control) => String.raw`\u` + control.charCodeAt(0).toString(16).padStart(4, "0"),
  );
}
