import {
  GraphQLError,
  type GraphQLScalarType,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  print,
  typeFromAST,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from "graphql";
import { LosslessNumber } from "lossless-json";
import { CUSTOM_SCALARS } from "./literals.js";
import { isGlobalId } from "../billing/global-id.js";

/** Variable values as they came, by name. */
export type Variables = Readonly<Record<string, unknown>>;

interface Problem {
  readonly path: readonly (string | number)[];
  readonly explanation: string;
  /** Repeats the explanation, for custom scalars (captured from live stores). */
  readonly message?: string;
}

/**
 * Checks the values of the declared variables, and refuses them in Shopify's words: INVALID_VARIABLE
 * with problems (the shape is documented by Shopify; the explanations were reported by developers).
 * Values of variables that the operation does not declare have no effect.
 */
export function checkVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  values: Variables,
): { readonly values: Variables; readonly errors: readonly GraphQLError[] } {
  const checked: Record<string, unknown> = {};
  const errors: GraphQLError[] = [];
  for (const definition of operation.variableDefinitions ?? []) {
    const name = definition.variable.name.value;
    // No type of a valid document is unknown.
    const type = typeFromAST(schema, definition.type);
    const value = values[name];
    if (!isInputType(type) || (value === undefined && definition.defaultValue)) continue;
    const problems: Problem[] = [];
    const coerced = coerce(value, type, [], problems);
    if (value !== undefined) checked[name] = coerced;
    if (problems.length === 0) continue;
    const places = problems
      .filter(({ path }) => path.length > 0)
      .map(({ path, explanation }) => `${path.join(".")} (${explanation})`);
    errors.push(
      new GraphQLError(
        `Variable $${name} of type ${print(definition.type)} was provided invalid value` +
          (places.length > 0 ? ` for ${places.join(", ")}` : ""),
        {
          nodes: definition,
          extensions: { code: "INVALID_VARIABLE", value: value ?? null, problems },
        },
      ),
    );
  }
  return { values: checked, errors };
}

function coerce(
  value: unknown,
  type: GraphQLInputType,
  path: readonly (string | number)[],
  problems: Problem[],
): unknown {
  const refuse = (explanation: string): null => {
    const named = isNonNullType(type) ? type.ofType : type;
    const isCustom = value !== null && value !== undefined && CUSTOM_SCALARS.has(String(named));
    problems.push({ path, explanation, ...(isCustom && { message: explanation }) });
    return null;
  };
  if (isNonNullType(type)) {
    return value === null || value === undefined
      ? refuse("Expected value to not be null")
      : coerce(value, type.ofType, path, problems);
  }
  if (value === null || value === undefined) return value;
  if (isListType(type)) {
    return Array.isArray(value)
      ? value.map((item, index) => coerce(item, type.ofType, [...path, index], problems))
      : [coerce(value, type.ofType, path, problems)];
  }
  if (isInputObjectType(type)) {
    if (typeof value !== "object" || Array.isArray(value) || value instanceof LosslessNumber) {
      return refuse(`Expected ${JSON.stringify(value)} to be a key-value object.`);
    }
    const given = value as Variables; // JSON enters: an object that is not a list
    const fields = type.getFields();
    const object: Record<string, unknown> = {};
    for (const name of Object.keys(given)) {
      if (!fields[name]) {
        problems.push({
          path: [...path, name],
          explanation: `Field is not defined on ${type.name}`,
        });
      }
    }
    for (const field of Object.values(fields)) {
      const item = given[field.name];
      if (item === undefined && field.defaultValue !== undefined) continue;
      const coerced = coerce(item, field.type, [...path, field.name], problems);
      if (item !== undefined) object[field.name] = coerced;
    }
    return object;
  }
  if (isEnumType(type)) {
    const names = type.getValues().map(({ name }) => name);
    return typeof value === "string" && names.includes(value)
      ? value
      : refuse(`Expected ${JSON.stringify(value)} to be one of: ${names.join(", ")}`);
  }
  return coerceScalar(value, type, refuse);
}

function coerceScalar(
  value: unknown,
  type: GraphQLScalarType,
  refuse: (explanation: string) => null,
): unknown {
  if (type.name === "ID") {
    const id = String(value instanceof LosslessNumber ? value.value : value);
    return isGlobalId(id) ? id : refuse(`Invalid global id '${id}'`);
  }
  const plain =
    value instanceof LosslessNumber && type.name !== "Decimal" ? Number(value.value) : value;
  try {
    return type.parseValue(plain);
  } catch (error) {
    const isOwn = type.name === "Decimal" || type.name === "URL";
    return refuse(
      isOwn && error instanceof Error
        ? error.message
        : `Could not coerce value ${JSON.stringify(value)} to ${type.name}`,
    );
  }
}
