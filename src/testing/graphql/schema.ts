import {
  buildSchema,
  GraphQLError,
  GraphQLScalarType,
  Kind,
  type GraphQLSchema,
  type ValueNode,
} from "graphql";
import { schemaText } from "../../generated/schemas.js";
import { parseDecimal } from "../billing/decimal.js";
import { Documents } from "./document.js";
import { LosslessNumber } from "lossless-json";

/** One version of the Admin API. */
export interface AdminSchema {
  readonly version: string;
  readonly schema: GraphQLSchema;
  readonly documents: Documents;
}

const VERSION = /^(?:\d{4}-\d{2}|unstable)$/;

/** The schemas by API version, each read when it is first asked for. */
export class Schemas {
  readonly #texts: Readonly<Record<string, string>>;
  readonly #loaded: Map<string, AdminSchema | null> = new Map();

  /** @param texts - schemas in GraphQL's definition language, by version, which go before those of the package */
  constructor(texts: Readonly<Record<string, string>>) {
    this.#texts = texts;
  }

  /** Returns the schema of a version. `null` if there is no such version. */
  get(version: string): AdminSchema | null {
    if (!VERSION.test(version)) return null;
    let schema = this.#loaded.get(version);
    if (schema === undefined) {
      schema = this.#load(version);
      this.#loaded.set(version, schema);
    }
    return schema;
  }

  #load(version: string): AdminSchema | null {
    const text = this.#texts[version] ?? schemaText(version);
    if (text === null) return null;
    const schema = buildSchema(text);
    makeScalarsStrict(schema);
    return { version, schema, documents: new Documents(schema) };
  }
}

/** The definition language says nothing about what a scalar accepts. */
function makeScalarsStrict(schema: GraphQLSchema): void {
  const parsers: Record<string, (value: unknown) => string> = {
    Decimal: parseDecimalInput,
    URL: parseUrlInput,
  };
  for (const [name, parseValue] of Object.entries(parsers)) {
    const scalar = schema.getType(name);
    if (!(scalar instanceof GraphQLScalarType)) continue;
    const parseLiteral = (node: ValueNode): string => parseValue(literalText(node));
    // GraphQL.js 16 knows the first and the last name, version 17 all three.
    Object.assign(scalar, { parseValue, coerceInputValue: parseValue, parseLiteral });
  }
}

/** The text of a literal, so that no digit of a number is lost. */
function literalText(node: ValueNode): unknown {
  return node.kind === Kind.STRING || node.kind === Kind.INT || node.kind === Kind.FLOAT
    ? node.value
    : null;
}

function parseDecimalInput(value: unknown): string {
  const text =
    value instanceof LosslessNumber
      ? value.value
      : typeof value === "number"
        ? String(value)
        : value;
  if (typeof text === "string" && parseDecimal(text) !== null) return text;
  // The text is a choice: unknown.
  throw new GraphQLError(`invalid decimal '${String(text)}'`);
}

function parseUrlInput(value: unknown): string {
  if (typeof value === "string") {
    if (/^[a-z][a-z\d+.-]*:/i.test(value)) return value;
    // Reported by developers.
    throw new GraphQLError(`Invalid url '${value}', missing scheme`);
  }
  throw new GraphQLError(`Invalid url '${String(value)}'`);
}
