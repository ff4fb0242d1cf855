import type { Operation } from "@urql/core";
import { isUserError, usageRecordUserErrorCode } from "../user-error.js";

type Document = Operation["query"];

/** The variables that hold the idempotency keys of a mutation; null where a field has no key. */
const keyVariables = new WeakMap<Document, readonly string[] | null>();

function findKeyVariables(document: Document): readonly string[] | null {
  const names: string[] = [];
  for (const definition of document.definitions) {
    if (definition.kind !== "OperationDefinition") continue;
    for (const field of definition.selectionSet.selections) {
      if (field.kind !== "Field") return null;
      const key = field.arguments?.find(({ name }) => name.value === "idempotencyKey")?.value;
      if (key?.kind === "Variable") names.push(key.name.value);
      // A key written into the document is as good as one that a variable brings.
      else if (key?.kind !== "StringValue" || key.value === "") return null;
    }
  }
  return names;
}

/**
 * May an operation be sent again although the server may have executed it?
 *
 * @remarks
 * A query may. A mutation may where the document declares and passes an `idempotencyKey` to each
 * of its fields, and the variables hold one: a key that is only among the variables never
 * reaches the server.
 */
export function isRepeatable({ kind, query, variables }: Operation): boolean {
  if (kind !== "mutation") return true;
  let names = keyVariables.get(query);
  if (names === undefined) {
    names = findKeyVariables(query);
    keyVariables.set(query, names);
  }
  return names !== null && names.every((name) => Boolean(Reflect.get(variables ?? {}, name)));
}

/** Did Shopify answer that another request with the same idempotency key is being processed? */
export function isKeyInUse(data: unknown): boolean {
  if (typeof data !== "object" || data === null) return false;
  return Object.values(data).some((payload: unknown) => {
    if (typeof payload !== "object" || payload === null || !("userErrors" in payload)) return false;
    return (
      Array.isArray(payload.userErrors) &&
      payload.userErrors.some(
        (error: unknown) =>
          isUserError(error) && usageRecordUserErrorCode(error) === "IDEMPOTENCY_KEY_IN_USE",
      )
    );
  });
}
