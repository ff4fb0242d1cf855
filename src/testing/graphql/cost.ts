import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from "graphql";
import type { Variables } from "./variables.js";

/** Each field of a mutation costs 10 points, before what its payload contains (captured from live stores). */
const MUTATION_COST = 10;

/** An object of a response; undefined while nothing was executed yet. */
type Data = Readonly<Record<string, unknown>> | undefined;

/**
 * What an operation costs, in points.
 *
 * @remarks
 * By costs captured from live stores: a scalar or enum is 0, an object 1, even if it is null, `MoneyV2` 0,
 * an empty list 1, and a connection `2 + max(1, ⌊2 · ln first⌋) ×` the cost of one node. An empty page
 * really costs what was requested, any other page what its share of nodes costs, rounded. A mutation is 10
 * plus the objects below the payload's own. The rule fits most captures, not all; for the usage-billing
 * mutations it is inferred. That a list counts as one object, and page info as none, is a choice: unknown.
 */
export class CostRules {
  readonly #schema: GraphQLSchema;
  readonly #operation: OperationDefinitionNode;
  readonly #variables: Variables;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;

  constructor(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Variables,
  ) {
    this.#schema = schema;
    this.#operation = operation;
    this.#variables = variables;
    this.#fragments = new Map(
      document.definitions.flatMap((definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
      ),
    );
  }

  /** Returns the cost before anything is executed. */
  requested(): number {
    return this.#root(undefined);
  }

  /** Returns the cost of what was returned, which is never more. */
  actual(data: Data | null): number {
    return data === null ? 0 : this.#root(data);
  }

  #root(data: Data): number {
    const root = this.#schema.getRootType(this.#operation.operation);
    if (!root) return 0;
    const selectionSets = [this.#operation.selectionSet];
    if (this.#operation.operation === "mutation") {
      let cost = 0;
      for (const [key, nodes] of this.#fields(selectionSets, root)) {
        cost += MUTATION_COST + this.#payload(root, nodes, data, key);
      }
      return cost;
    }
    return this.#object(selectionSets, root, data);
  }

  /** What a payload costs: its own objects are free. */
  #payload(root: GraphQLObjectType, nodes: readonly FieldNode[], data: Data, key: string): number {
    const [node] = nodes;
    const type = getNamedType(node && root.getFields()[node.name.value]?.type);
    const payload = asData(data?.[key]);
    if (!isObjectType(type) || (data && !payload)) return 0;
    const inner = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    let cost = 0;
    for (const [name, fields] of this.#fields(inner, type)) {
      const whole = this.#field(type, fields, payload, name);
      const own = getNamedType(type.getFields()[fields[0]?.name.value ?? ""]?.type);
      cost += isConnection(own) ? whole : Math.max(0, whole - 1);
    }
    return cost;
  }

  /** What the fields of one object cost. */
  #object(selectionSets: readonly SelectionSetNode[], type: GraphQLObjectType, data: Data): number {
    let cost = 0;
    for (const [key, nodes] of this.#fields(selectionSets, type)) {
      cost += this.#field(type, nodes, data, key);
    }
    return cost;
  }

  /** What one field costs, with everything below it. */
  #field(type: GraphQLObjectType, nodes: readonly FieldNode[], data: Data, key: string): number {
    const [node] = nodes;
    const field = node && type.getFields()[node.name.value];
    if (!field) return 0; // __typename and the like
    const named = getNamedType(field.type);
    if (isLeafType(named) || named.name === "MoneyV2") return 0;
    const value = data?.[key];
    if (data && value === undefined) return 0; // selected on another type than the one returned
    if (value === null) return 1;
    const inner = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    return isConnection(named)
      ? this.#connection(node, inner, named, asData(value))
      : this.#value(inner, named.name, value);
  }

  /** What one object or the most costly object of a list costs; without a value, any possible one. */
  #value(selectionSets: readonly SelectionSetNode[], typeName: string, value: unknown): number {
    if (Array.isArray(value)) {
      return Math.max(
        1,
        ...value.map((item) => (item ? this.#value(selectionSets, typeName, item) : 0)),
      );
    }
    const data = asData(value);
    return (
      1 +
      Math.max(
        0,
        ...this.#possibleTypes(typeName, data).map((type) =>
          this.#object(selectionSets, type, data),
        ),
      )
    );
  }

  #possibleTypes(typeName: string, data: Data): readonly GraphQLObjectType[] {
    const type = this.#schema.getType(
      typeof data?.["__typename"] === "string" ? data["__typename"] : typeName,
    );
    if (isAbstractType(type)) return this.#schema.getPossibleTypes(type);
    return isObjectType(type) ? [type] : [];
  }

  #connection(
    node: FieldNode,
    selectionSets: readonly SelectionSetNode[],
    type: GraphQLObjectType,
    data: Data,
  ): number {
    const size = this.#pageSize(node);
    const nodes = data ? countNodes(data) : size;
    const share = nodes === 0 || size === 0 ? 1 : nodes / size;
    const factor = size === 0 ? 0 : Math.max(1, Math.floor(2 * Math.log(size)));
    return 2 + Math.round(factor * this.#nodeCost(selectionSets, type) * share);
  }

  /** What one node of a connection costs, by `nodes` or by `edges { node }`. */
  #nodeCost(selectionSets: readonly SelectionSetNode[], type: GraphQLObjectType): number {
    let cost = 0;
    for (const nodes of this.#fields(selectionSets, type).values()) {
      const [first] = nodes;
      const field = first && type.getFields()[first.name.value];
      if (!field || first.name.value === "pageInfo") continue;
      const named = getNamedType(field.type);
      const inner = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
      if (first.name.value === "edges" && isObjectType(named)) cost += this.#nodeCost(inner, named);
      else if (isCompositeType(named)) cost += this.#value(inner, named.name, undefined);
    }
    return cost;
  }

  #pageSize(node: FieldNode): number {
    for (const { name, value } of node.arguments ?? []) {
      if (name.value !== "first" && name.value !== "last") continue;
      const size = this.#number(value);
      if (size !== null) return Math.max(0, size);
    }
    return 0;
  }

  #number(value: ValueNode): number | null {
    if (value.kind === Kind.INT) return Number(value.value);
    if (value.kind !== Kind.VARIABLE) return null;
    const given = this.#variable(value.name.value);
    return typeof given === "number" ? given : null;
  }

  /** A variable's value, or its default's. */
  #variable(name: string): unknown {
    if (name in this.#variables) return this.#variables[name];
    const definition = this.#operation.variableDefinitions?.find(
      ({ variable }) => variable.name.value === name,
    );
    const fallback = definition?.defaultValue;
    if (fallback?.kind === Kind.INT) return Number(fallback.value);
    return fallback?.kind === Kind.BOOLEAN ? fallback.value : undefined;
  }

  /** The fields that are selected on an object of this type, by the name they are answered under. */
  #fields(
    selectionSets: readonly SelectionSetNode[],
    type: GraphQLObjectType,
  ): Map<string, FieldNode[]> {
    const fields = new Map<string, FieldNode[]>();
    const collect = (selections: readonly SelectionNode[]): void => {
      for (const selection of selections) {
        if (!this.#isIncluded(selection)) continue;
        if (selection.kind === Kind.FIELD) {
          const key = selection.alias?.value ?? selection.name.value;
          const same = fields.get(key);
          if (same) same.push(selection);
          else fields.set(key, [selection]);
          continue;
        }
        const fragment =
          selection.kind === Kind.FRAGMENT_SPREAD
            ? this.#fragments.get(selection.name.value)
            : selection;
        if (fragment && this.#applies(fragment.typeCondition?.name.value, type)) {
          collect(fragment.selectionSet.selections);
        }
      }
    };
    for (const { selections } of selectionSets) collect(selections);
    return fields;
  }

  #applies(condition: string | undefined, type: GraphQLObjectType): boolean {
    if (condition === undefined || condition === type.name) return true;
    const abstract = this.#schema.getType(condition);
    return isAbstractType(abstract) && this.#schema.isSubType(abstract, type);
  }

  /** What `@skip` and `@include` say. */
  #isIncluded(selection: SelectionNode): boolean {
    return (selection.directives ?? []).every(({ name, arguments: args }) => {
      const value = args?.find((argument) => argument.name.value === "if")?.value;
      const condition =
        value?.kind === Kind.VARIABLE
          ? this.#variable(value.name.value)
          : value?.kind === Kind.BOOLEAN && value.value;
      if (name.value === "skip") return condition !== true;
      return name.value === "include" ? condition === true : true;
    });
  }
}

function isConnection(type: GraphQLNamedType | undefined): type is GraphQLObjectType {
  return isObjectType(type) && type.name.endsWith("Connection");
}

function asData(value: unknown): Data {
  return typeof value === "object" && value !== null
    ? (value as Record<string, unknown>) // an object of GraphQL.js's answer
    : undefined;
}

function countNodes(data: NonNullable<Data>): number {
  const lists = Object.values(data).filter((value) => Array.isArray(value));
  return Math.max(0, ...lists.map(({ length }) => length));
}
