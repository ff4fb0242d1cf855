import {
  GraphQLError,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
  Kind,
  print,
  type ASTNode,
  type ASTVisitor,
  type GraphQLInputType,
  type ValidationContext,
  type ValueNode,
} from "graphql";
import { isGlobalId } from "../billing/global-id.js";

/** Where a literal stands. */
interface Place {
  readonly kind: "Field" | "Directive" | "InputObject";
  readonly name: string;
  readonly argument: string;
}

/**
 * Checks literals and required arguments as GraphQL Ruby does, in its words: GraphQL.js reports each
 * missing argument by itself, and takes any text for an id.
 *
 * @remarks
 * The texts for input objects, and one error for two missing arguments, were captured from live stores.
 */
export function literalsRule(context: ValidationContext): ASTVisitor {
  const report = (node: ASTNode, message: string, extensions: Record<string, string>): void => {
    context.reportError(new GraphQLError(message, { nodes: node, extensions }));
  };

  const check = (value: ValueNode, type: GraphQLInputType, node: ASTNode, place: Place): void => {
    if (value.kind === Kind.VARIABLE) return;
    const refuse = (): void =>
      report(
        node,
        `Argument '${place.argument}' on ${place.kind} '${place.name}' has an invalid value (${print(value)}). Expected type '${String(type)}'.`,
        {
          code: "argumentLiteralsIncompatible",
          typeName: place.kind,
          argumentName: place.argument,
        },
      );
    if (value.kind === Kind.NULL) {
      if (isNonNullType(type)) refuse();
      return;
    }
    const nullable = isNonNullType(type) ? type.ofType : type;
    if (isListType(nullable)) {
      const items = value.kind === Kind.LIST ? value.values : [value];
      for (const item of items) check(item, nullable.ofType, node, place);
      return;
    }
    if (isInputObjectType(nullable)) {
      if (value.kind !== Kind.OBJECT) {
        refuse();
        return;
      }
      const fields = nullable.getFields();
      const given = new Set(value.fields.map(({ name }) => name.value));
      for (const field of value.fields) {
        const argument = field.name.value;
        const definition = fields[argument];
        if (definition) {
          check(field.value, definition.type, field, {
            kind: "InputObject",
            name: nullable.name,
            argument,
          });
          continue;
        }
        report(field, `InputObject '${nullable.name}' doesn't accept argument '${argument}'`, {
          code: "argumentNotAccepted",
          name: nullable.name,
          typeName: "InputObject",
          argumentName: argument,
        });
      }
      for (const field of Object.values(fields)) {
        if (!isRequiredInputField(field) || given.has(field.name)) continue;
        report(
          node,
          `Argument '${field.name}' on InputObject '${nullable.name}' is required. Expected type ${String(field.type)}`,
          {
            code: "missingRequiredInputObjectAttribute",
            argumentName: field.name,
            argumentType: String(field.type),
            inputObjectType: nullable.name,
          },
        );
      }
      return;
    }
    if (isEnumType(nullable)) {
      if (value.kind !== Kind.ENUM || !nullable.getValue(value.value)) refuse();
      return;
    }
    const problem = nullable.name === "ID" ? idProblem(value) : null;
    if (problem !== null) {
      report(node, problem, COERCION_ERROR);
      return;
    }
    try {
      if (nullable.parseLiteral(value) === undefined) refuse();
    } catch (error) {
      const isOwn = CUSTOM_SCALARS.has(nullable.name) && error instanceof Error;
      if (isOwn) report(node, error.message, COERCION_ERROR);
      else refuse();
    }
  };

  const required = (
    node: ASTNode & { readonly name: { readonly value: string } },
    kind: "Field" | "Directive",
    given: readonly { readonly name: { readonly value: string } }[],
    definitions: readonly Parameters<typeof isRequiredArgument>[0][],
  ): void => {
    const names = new Set(given.map(({ name }) => name.value));
    const missing = definitions
      .filter((definition) => isRequiredArgument(definition) && !names.has(definition.name))
      .map(({ name }) => name)
      .join(", ");
    if (missing === "") return;
    const name = node.name.value;
    report(node, `${kind} '${name}' is missing required arguments: ${missing}`, {
      code: "missingRequiredArguments",
      className: kind,
      name,
      arguments: missing,
    });
  };

  return {
    Argument: (node, _key, _parent, _path, ancestors) => {
      const definition = context.getArgument();
      const owner = ancestors.at(-1);
      const holder = Array.isArray(owner) ? ancestors.at(-2) : owner;
      if (!definition || !holder || !("kind" in holder)) return;
      if (holder.kind !== Kind.FIELD && holder.kind !== Kind.DIRECTIVE) return;
      check(node.value, definition.type, node, {
        kind: holder.kind === Kind.FIELD ? "Field" : "Directive",
        name: holder.name.value,
        argument: node.name.value,
      });
    },
    Field: (node) => {
      required(node, "Field", node.arguments ?? [], context.getFieldDef()?.args ?? []);
    },
    Directive: (node) => {
      required(node, "Directive", node.arguments ?? [], context.getDirective()?.args ?? []);
    },
    VariableDefinition: (node) => {
      const type = context.getInputType();
      if (!node.defaultValue || !type) return;
      const name = node.variable.name.value;
      const place: Place = { kind: "Field", name, argument: name };
      check(node.defaultValue, type, node, place);
    },
  };
}

const COERCION_ERROR = { code: "argumentLiteralsIncompatible", typeName: "CoercionError" };

/** Scalars whose own words Shopify gives for a bad value. */
export const CUSTOM_SCALARS: ReadonlySet<string> = new Set(["ID", "Decimal", "URL", "DateTime"]);

function idProblem(value: ValueNode): string | null {
  const text = value.kind === Kind.STRING || value.kind === Kind.INT ? value.value : null;
  return text === null || isGlobalId(text) ? null : `Invalid global id '${text}'`;
}
