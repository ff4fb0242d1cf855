/** Controls, also those that steer a terminal, and marks that turn the direction of writing. */
const STEERING = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/**
 * Text from outside, safe to show on a terminal in one line.
 *
 * @remarks
 * A description that an app took from its customers must not clear the screen or colour it.
 */
export function printable(text: string): string {
  return text.replaceAll(STEERING, " ");
}
