import {
  buildClientSchema,
  DirectiveLocation,
  lexicographicSortSchema,
  specifiedDirectives,
  type GraphQLSchema,
  type IntrospectionDirective,
  type IntrospectionField,
  type IntrospectionInputValue,
  type IntrospectionQuery,
  type IntrospectionType,
  type IntrospectionTypeRef,
} from "graphql";

/**
 * Where the usage-billing part is entered: the only fields of the two root types that are kept.
 *
 * A new version's mutation whose name starts like these belongs to the part without a change here.
 */
const entrances = {
  query: /^(currentAppInstallation|node|nodes)$/,
  mutation: /^app(UsageRecord|Subscription|Purchase|Credit)[A-Z]/,
};

/**
 * Which object, interface, union, enum and input types belong to the part, if a kept field reaches
 * them. They keep all their own fields, except those that lead out of the part. Scalars always belong.
 */
const belonging = [
  /^App(Subscription|Usage|Recurring|Plan|Pricing|Purchase|Credit|Transaction)/,
  /^(App|AppInstallation)$/,
  /^(MoneyV2|MoneyInput|CurrencyCode)$/,
  /^(Node|PageInfo)$/,
  /^(UserError|DisplayableError)$/,
];

/**
 * Where Shopify's descriptions are boilerplate, a sixth of the part and nobody's hover: how pages work is
 * told once, at PageInfo, and "Canadian Dollars (CAD)." says nothing that CAD does not.
 */
const boilerplate = {
  args: new Set(["first", "last", "after", "before", "reverse", "sortKey"]),
  membersOfType: /^(App\w+(Connection|Edge)|CurrencyCode)$/,
};

const undescribed = <T extends { readonly description?: string | null | undefined }>(
  subject: T,
): T => ({ ...subject, description: null });

const specified = new Set(specifiedDirectives.map((directive) => directive.name));

/** Where a directive must be allowed for an operation to use it. */
const executable = new Set<DirectiveLocation>([
  DirectiveLocation.QUERY,
  DirectiveLocation.MUTATION,
  DirectiveLocation.FIELD,
  DirectiveLocation.FRAGMENT_DEFINITION,
  DirectiveLocation.FRAGMENT_SPREAD,
  DirectiveLocation.INLINE_FRAGMENT,
  DirectiveLocation.VARIABLE_DEFINITION,
]);

/**
 * Cuts the usage-billing part out of a full Admin schema.
 *
 * The part is closed: fields, arguments, interfaces, union members and input fields whose type lies
 * outside are left out, and a field that cannot be used without them (a required argument) is left
 * out whole. So whatever is valid against the part is valid against the full schema. Types, fields
 * and values are sorted by name, because versions and sources differ in their order.
 *
 * @throws UnusablePartError if an input type of the part requires something outside.
 */
export function billingPart(full: IntrospectionQuery): GraphQLSchema {
  const { __schema: schema } = full;
  const { types, queryType, mutationType, directives } = schema;
  const byName = new Map(types.map((type) => [type.name, type]));

  const inside = (ref: IntrospectionTypeRef): boolean => {
    const name = nameOf(ref);
    return byName.get(name)?.kind === "SCALAR" || belonging.some((pattern) => pattern.test(name));
  };
  const usable = (subject: IntrospectionField | IntrospectionDirective): boolean =>
    !subject.args.some((arg) => isRequired(arg) && !inside(arg.type));
  const withArgsInside = <T extends IntrospectionField | IntrospectionDirective>(
    subject: T,
  ): T => ({
    ...subject,
    args: subject.args
      .filter((arg) => inside(arg.type))
      .map((arg) => (boilerplate.args.has(arg.name) ? undescribed(arg) : arg)),
  });
  const fieldsInside = (fields: readonly IntrospectionField[]): IntrospectionField[] =>
    fields.filter((field) => inside(field.type) && usable(field)).map(withArgsInside);

  const cut = (type: IntrospectionType): IntrospectionType => {
    switch (type.kind) {
      case "OBJECT": {
        const entrance =
          type.name === queryType.name
            ? entrances.query
            : type.name === mutationType?.name
              ? entrances.mutation
              : undefined;
        const fields = fieldsInside(type.fields).filter(
          (field) => entrance?.test(field.name) ?? true,
        );
        return {
          ...type,
          interfaces: type.interfaces.filter(inside),
          fields: boilerplate.membersOfType.test(type.name) ? fields.map(undescribed) : fields,
        };
      }
      case "INTERFACE":
        return {
          ...type,
          interfaces: type.interfaces.filter(inside),
          fields: fieldsInside(type.fields),
          // An interface leads to nothing: its objects are those that other fields reach.
          possibleTypes: [],
        };
      case "UNION":
        return { ...type, possibleTypes: type.possibleTypes.filter(inside) };
      case "INPUT_OBJECT": {
        const outside = type.inputFields.find((field) => isRequired(field) && !inside(field.type));
        if (outside) throw new UnusablePartError(type.name, outside);
        return { ...type, inputFields: type.inputFields.filter((field) => inside(field.type)) };
      }
      case "ENUM":
        return boilerplate.membersOfType.test(type.name)
          ? { ...type, enumValues: type.enumValues.map(undescribed) }
          : type;
      case "SCALAR":
        return type;
    }
  };

  const part = new Map<string, IntrospectionType>();
  const enter = (name: string): void => {
    const type = byName.get(name);
    if (type === undefined || part.has(name)) return;
    const kept = cut(type);
    part.set(name, kept);
    for (const next of namesIn(kept)) enter(next);
  };

  enter(queryType.name);
  if (mutationType) enter(mutationType.name);

  // Introspection does not tell where a type-system directive is applied, so only directives that an
  // operation can use are worth keeping.
  const keptDirectives = directives
    .filter(
      (directive) =>
        specified.has(directive.name) ||
        (directive.locations.some((location) => executable.has(location)) && usable(directive)),
    )
    .map(withArgsInside);
  for (const name of keptDirectives.flatMap(namesInArgs)) enter(name);

  return lexicographicSortSchema(
    buildClientSchema({
      __schema: {
        ...schema,
        subscriptionType: null,
        types: [...part.values()],
        directives: keptDirectives,
      },
    }),
  );
}

/** An input type of the part requires a value whose type is outside, so it could not be used. */
export class UnusablePartError extends Error {
  override name = "UnusablePartError" as const;

  constructor(type: string, field: IntrospectionInputValue) {
    super(
      `${type}.${field.name} is required and of type ${nameOf(field.type)}, which is not in the ` +
        `usage-billing part: add that type to \`belonging\` in scripts/billing-part.ts.`,
    );
  }
}

function nameOf(ref: IntrospectionTypeRef): string {
  return ref.kind === "LIST" || ref.kind === "NON_NULL" ? nameOf(ref.ofType) : ref.name;
}

function isRequired(value: IntrospectionInputValue): boolean {
  return value.type.kind === "NON_NULL" && value.defaultValue == null;
}

function namesInArgs(subject: IntrospectionField | IntrospectionDirective): string[] {
  return subject.args.map((arg) => nameOf(arg.type));
}

/** The names of all types that a type mentions. */
function namesIn(type: IntrospectionType): string[] {
  switch (type.kind) {
    case "OBJECT":
    case "INTERFACE":
      return [
        ...type.interfaces.map(nameOf),
        ...type.fields.flatMap((field) => [nameOf(field.type), ...namesInArgs(field)]),
      ];
    case "UNION":
      return type.possibleTypes.map(nameOf);
    case "INPUT_OBJECT":
      return type.inputFields.map((field) => nameOf(field.type));
    case "ENUM":
    case "SCALAR":
      return [];
  }
}
