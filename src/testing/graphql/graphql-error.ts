import {
  BREAK,
  GraphQLError,
  Kind,
  visit,
  type ASTNode,
  type DocumentNode,
  type GraphQLFormattedError,
} from "graphql";

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
];

function named(operation: string | undefined): string {
  return operation ?? "anonymous operation";
}

/** Puts a validation error into Shopify's words, with the path on which it stands in the document. */
export function asValidationError(
  document: DocumentNode,
  error: GraphQLError,
): GraphQLFormattedError {
  const locations = error.locations ?? [];
  for (const [pattern, code, message, extensions] of TRANSLATIONS) {
    const match = pattern.exec(error.message);
    if (!match) continue;
    const captures = match.slice(1);
    // A mismatch is reported where the variable is used, not where it is declared.
    const node = code === "variableMismatch" ? error.nodes?.at(-1) : error.nodes?.[0];
    return {
      message: message(...captures),
      locations,
      path: pathTo(document, node),
      extensions: { code, ...extensions?.(...captures) },
    };
  }
  const { message, extensions } = error;
  const path = pathTo(document, error.nodes?.[0]);
  return { message, locations, path, ...(extensions["code"] !== undefined && { extensions }) };
}

/** Returns the path as GraphQL Ruby writes it: `["mutation X", "field", "argument"]`. */
function pathTo(document: DocumentNode, target: ASTNode | undefined): string[] {
  let path: string[] = [];
  const steps: string[] = [];
  visit(document, {
    enter: (node) => {
      const step = stepOf(node);
      if (step !== null) steps.push(step);
      if (node !== target) return undefined;
      path = [...steps];
      return BREAK;
    },
    leave: (node) => {
      if (stepOf(node) !== null) steps.pop();
    },
  });
  return path;
}

function stepOf(node: ASTNode): string | null {
  switch (node.kind) {
    case Kind.OPERATION_DEFINITION:
      return node.name ? `${node.operation} ${node.name.value}` : node.operation;
    case Kind.FRAGMENT_DEFINITION:
      return `fragment ${node.name.value}`;
    case Kind.INLINE_FRAGMENT:
      return node.typeCondition ? `... on ${node.typeCondition.name.value}` : "...";
    case Kind.FIELD:
      return (node.alias ?? node.name).value;
    case Kind.ARGUMENT:
    case Kind.OBJECT_FIELD:
      return node.name.value;
    default:
      return null;
  }
}

/** The text for an early end was captured from a live store; that others keep GraphQL.js's is a choice. */
export function asSyntaxError(error: GraphQLError): GraphQLFormattedError {
  const locations = error.locations ?? [];
  const [at] = locations;
  const found = error.message.replace(/^Syntax Error: /, "").replace(/\.$/, "");
  const reason = found.includes("<EOF>") ? "unexpected end of file" : found;
  return {
    message: `syntax error, ${reason}${at ? ` at [${at.line}, ${at.column}]` : ""}`,
    locations,
    extensions: { code: "PARSE_ERROR" },
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

/**
 * The shape was captured from live stores, for other fields; which access a billing mutation needs is a
 * choice: unknown.
 */
export function accessDenied(field: string): GraphQLError {
  const requiredAccess = "Permission to manage app billing.";
  return new GraphQLError(`Access denied for ${field} field. Required access: ${requiredAccess}`, {
    extensions: {
      code: "ACCESS_DENIED",
      documentation: "https://shopify.dev/api/usage/access-scopes",
      requiredAccess,
    },
  });
}

/** Captured from a live store: it names the request, and does not say whether it was executed. */
export function internalError(requestId: string): GraphQLFormattedError {
  return {
    message:
      "Internal error. Looks like something went wrong on our end.\n" +
      `Request ID: ${requestId} (include this in support requests).`,
    extensions: { code: "INTERNAL_SERVER_ERROR", requestId },
  };
}
