import { checkFields, mustBe, type CallOptions } from "./input.js";
import { isObject } from "./is-object.js";
import { checkRetry, checkTimeout } from "./options.js";

const FIELDS = ["signal", "timeout", "retry"];

/** Whether `onAbort` can listen to it. Any implementation will do. */
function isSignal(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value["aborted"] === "boolean" &&
    typeof value["addEventListener"] === "function"
  );
}

/**
 * Refuses invalid options of a call.
 *
 * @param ownFields - options that only this method has
 * @throws InvalidInputError
 */
export function checkCallOptions<Options extends CallOptions>(
  options: Options | undefined,
  ownFields: readonly string[] = [],
): Options & CallOptions {
  const given = options === undefined ? {} : options;
  const checked = checkFields("options", given as Options, [...FIELDS, ...ownFields]);
  const { signal } = checked;
  if (signal !== undefined && !isSignal(signal)) throw mustBe("signal", "an AbortSignal", signal);
  checkTimeout(checked.timeout);
  const retry = checked.retry === undefined ? undefined : checkRetry(checked.retry);
  return { ...checked, signal, retry };
}
