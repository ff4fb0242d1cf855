import type { GraphQLError, GraphQLFormattedError } from "graphql";

type Translation = readonly [
  pattern: RegExp,
  code: string,
  message: (...captures: string[]) => string,
  extensions?: (...captures: string[]) => Record<string, string>,
];

/**
 * What GraphQL.js says of an invalid document, and what Shopify's server (GraphQL Ruby) says of it.
 * The codes and texts were reported by developers.
 */
const TRANSLATIONS: readonly Translation[] = [
  [
    /^Cannot query field "(\w+)" on type "(\w+)"/,
    "undefinedField",
    (field, type) => `Field '${field}' doesn't exist on type '${type}'`,
    (fieldName = "", typeName = "") => ({ typeName, fieldName }),
  ],
  [
    /^Unknown argument "(\w+)" on field "\w+\.(\w+)"/,
    "argumentNotAccepted",
    (argument, field) => `Field '${field}' doesn't accept argument '${argument}'`,
    (argumentName = "", name = "") => ({ name, typeName: "Field", argumentName }),
  ],
  [
    /^(?:Field "(?:\w+\.)?(\w+)" argument "(\w+)"|Argument "\w+\.(\w+)\((\w+):\)") of type ".+" is required/,
    "missingRequiredArguments",
    (field, argument, field17, argument17) =>
      `Field '${field ?? field17}' is missing required arguments: ${argument ?? argument17}`,
    (field, argument, field17 = "", argument17 = "") => ({
      className: "Field",
      name: field ?? field17,
      arguments: argument ?? argument17,
    }),
  ],
  [
    /^Variable "\$(\w+)" is not defined(?: by operation "(\w+)")?/,
    "variableNotDefined",
    (name, operation) => `Variable $${name} is used by ${named(operation)} but not declared`,
    (variableName = "") => ({ variableName }),
  ],
  [
    /^Variable "\$(\w+)" is never used(?: in operation "(\w+)")?/,
    "variableNotUsed",
    (name, operation) => `Variable $${name} is declared by ${named(operation)} but not used`,
    (variableName = "") => ({ variableName }),
  ],
  [
    /^Variable "\$(\w+)" of type "(.+?)" used in position expecting type "(.+?)"/,
    "variableMismatch",
    (name, type, expected) => `Type mismatch on variable $${name} (${type} / ${expected})`,
    (variableName = "", typeName = "") => ({ variableName, typeName }),
  ],
  [
    /^Field "(\w+)" of type "(.+?)" must have a selection of subfields/,
    "selectionMismatch",
    (field, type) =>
      `Field must have selections (field '${field}' returns ${type} but has no selections. Did you mean '${field} { ... }'?)`,
    (field) => ({ nodeName: `field '${field}'` }),
  ],
  [
    /^Field "(\w+)" must not have a selection since type "(.+?)" has no subfields/,
    "selectionMismatch",
    (field, type) =>
      `Selections can't be made on scalars (field '${field}' returns ${type} but has selections)`,
    (field) => ({ nodeName: `field '${field}'` }),
  ],
  [
    /^Unknown type "(\w+)"/,
    "undefinedType",
    (type) => `No such type ${type}`,
    (typeName = "") => ({ typeName }),
  ],
  [
    /^Unknown fragment "(\w+)"/,
    "useAndDefineFragment",
    (fragment) => `Fragment ${fragment} was used, but not defined`,
    (fragmentName = "") => ({ fragmentName }),
  ],
  [
    /^Fragment "(\w+)" is never used/,
    "useAndDefineFragment",
    (fragment) => `Fragment ${fragment} was defined, but not used`,
    (fragmentName = "") => ({ fragmentName }),
  ],
  [
    /^(.*(?:Expected value of type|cannot represent|does not exist in|is not defined by type|was not provided).*)$/s,
    "argumentLiteralsIncompatible",
    (message) => message ?? "",
  ],
];

function named(operation: string | undefined): string {
  return operation ?? "anonymous operation";
}

export function asValidationError(error: GraphQLError): GraphQLFormattedError {
  const locations = error.locations ?? [];
  for (const [pattern, code, message, extensions] of TRANSLATIONS) {
    const match = pattern.exec(error.message);
    if (!match) continue;
    const captures = match.slice(1);
    return {
      message: message(...captures),
      locations,
      extensions: { code, ...extensions?.(...captures) },
    };
  }
  return { message: error.message, locations };
}

export function asSyntaxError(error: GraphQLError): GraphQLFormattedError {
  const locations = error.locations ?? [];
  const [at] = locations;
  const reason = error.message.replace(/^Syntax Error: /, "").replace(/\.$/, "");
  return {
    message: `syntax error, ${reason}${at ? ` at [${at.line}, ${at.column}]` : ""}`,
    locations,
  };
}

const RATE_LIMITS = "https://shopify.dev/api/usage/rate-limits";

/** Captured from a live store. */
export const THROTTLED: GraphQLFormattedError = {
  message: "Throttled",
  extensions: { code: "THROTTLED", documentation: RATE_LIMITS },
};

/** One query may cost 1000 points at most (documented by Shopify); the text was reported by developers. */
export const MAXIMUM_COST = 1000;

export function maximumCostExceeded(cost: number): GraphQLFormattedError {
  return {
    message:
      `Query cost is ${cost}, which exceeds the single query max cost limit (${MAXIMUM_COST}).\n\n` +
      `See ${RATE_LIMITS} for more information on how the cost of a query is calculated.`,
    extensions: {
      code: "MAX_COST_EXCEEDED",
      cost,
      maxCost: MAXIMUM_COST,
      documentation: RATE_LIMITS,
    },
  };
}

/** Captured from a live store. */
export const ACCESS_DENIED = {
  message: "access denied",
  extensions: {
    code: "ACCESS_DENIED",
    documentation: "https://shopify.dev/api/usage/access-scopes",
  },
} as const;

/** Captured from a live store: it names the request, and does not tell whether it was executed. */
export function internalError(requestId: string): GraphQLFormattedError {
  return {
    message:
      "Internal error. Looks like something went wrong on our end.\n" +
      `Request ID: ${requestId} (include this in support requests).`,
    extensions: { code: "INTERNAL_SERVER_ERROR", requestId },
  };
}
