import { CriticalityLevel, diff, type Change } from "@graphql-inspector/core";
import { buildSchema } from "graphql";

/** The differences between two versions' parts. */
export interface SchemaDiff {
  readonly breaking: readonly SchemaChange[];
  readonly dangerous: readonly SchemaChange[];
  readonly safe: readonly SchemaChange[];
  /** How many descriptions differ. They change no type. */
  readonly descriptions: number;
}

export interface SchemaChange {
  /** The schema coordinate, such as `CurrencyCode.USDC`. */
  readonly path: string;
  readonly message: string;
  /** Why it is not safe. */
  readonly reason: string | undefined;
}

/** Compares two parts, given as SDL. */
export async function diffSchemas(before: string, after: string): Promise<SchemaDiff> {
  const changes = await diff(buildSchema(before), buildSchema(after));
  const added = new Set(
    changes.filter(({ type }) => isAddition(String(type))).map(({ path }) => path ?? ""),
  );
  const reported = changes.filter(
    (change) => !isDescription(change) && !isRepeated(change) && !isWithin(change, added),
  );
  const at = (level: CriticalityLevel): SchemaChange[] =>
    reported
      .filter((change) => change.criticality.level === level)
      .map(({ path, message, criticality }) => ({
        path: path ?? "",
        message,
        reason: criticality.reason,
      }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    breaking: at(CriticalityLevel.Breaking),
    dangerous: at(CriticalityLevel.Dangerous),
    safe: at(CriticalityLevel.NonBreaking),
    descriptions: changes.filter(isDescription).length,
  };
}

function isDescription({ type }: Change): boolean {
  return String(type).includes("DESCRIPTION");
}

/** Whether a change repeats another: a new deprecation reason is also a change of `@deprecated`. */
function isRepeated({ type, path }: Change): boolean {
  return String(type).startsWith("DIRECTIVE_USAGE_") && /\.@deprecated\b/.test(path ?? "");
}

function isAddition(type: string): boolean {
  return type === "FIELD_ADDED" || type === "DIRECTIVE_ADDED";
}

/** Whether a change is an argument, say, of something that is new itself. */
function isWithin({ type, path = "" }: Change, added: ReadonlySet<string>): boolean {
  return (
    !isAddition(String(type)) &&
    [...added].some((each) => path === each || path.startsWith(`${each}.`))
  );
}

/** Whether no type changed. */
export function isSame({ breaking, dangerous, safe }: SchemaDiff): boolean {
  return breaking.length + dangerous.length + safe.length === 0;
}

/** The changes as a Markdown list under a heading for each severity that occurs. */
export function printDiff(changes: SchemaDiff, level = "###"): string {
  const severities = [
    ["Breaking", changes.breaking],
    ["Dangerous", changes.dangerous],
    ["Safe", changes.safe],
  ] as const;
  const lists = severities
    .filter(([, list]) => list.length > 0)
    .map(([title, list]) =>
      [`${level} ${title}`, "", ...list.map(({ message }) => `- ${asCode(message)}`)].join("\n"),
    );
  const descriptions =
    changes.descriptions === 0
      ? []
      : [
          `${changes.descriptions} ${changes.descriptions === 1 ? "description" : "descriptions"} changed.`,
        ];
  return [
    ...(isSame(changes) ? ["Nothing changed in the part that this package ships."] : lists),
    ...descriptions,
  ].join("\n\n");
}

/** Quoted names become code. */
function asCode(message: string): string {
  return message.replace(/'([@\w.]+)'/g, "`$1`");
}
