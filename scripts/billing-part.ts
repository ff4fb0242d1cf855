import {
  buildClientSchema,
  DirectiveLocation,
  lexicographicSortSchema,
  specifiedDirectives,
  type GraphQLSchema,
  type IntrospectionDirective,
  type IntrospectionField,
  type IntrospectionInputValue,
  type IntrospectionInterfaceType,
  type IntrospectionObjectType,
  type IntrospectionQuery,
  type IntrospectionType,
  type IntrospectionTypeRef,
} from "graphql";

/** The types that are about an app's revenue. They keep all fields that stay in the part. */
const billing =
  /^App(Subscription|Usage|Recurring|Plan|Pricing|Purchase|Credit|Transaction|RevenueAttribution)/;

/** The types that billing types need. They lead to everything else, so they make nothing an entrance. */
const supporting =
  /^(AccessScope|App|AppDeveloperType|AppFeedback|AppInstallation|AppPublicCategory|MoneyV2|MoneyInput|CurrencyCode|Node|PageInfo|UserError|DisplayableError)$/;

/** The types about apps. Those on the way to a billing type, or from one, belong to the part too. */
const aboutApps = /^App[A-Z]/;

/** The fields of the query and mutation types whose names alone make them worth a look. */
const rootNames = /^app[A-Z]|^(usage|meter)|(Usage|Meter)(?![a-z])/;

/** The fields of the query type by which the part is entered although their types are not about billing. */
const entrances = /^(app|appByHandle|appByKey|appInstallation|currentAppInstallation|node|nodes)$/;

/**
 * The descriptions of Shopify's that are boilerplate, a sixth of the part: PageInfo explains pages once,
 * and "Canadian Dollars (CAD)." adds nothing to CAD.
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

/** The usage-billing part of a full schema. */
export interface BillingPart {
  readonly schema: GraphQLSchema;
  /**
   * The coordinates of what is about apps or stands in a billing type and is not in the part, such as
   * `Mutation.appUninstall`; sorted.
   */
  readonly leftOut: readonly string[];
}

/**
 * Cuts the usage-billing part out of a full Admin schema.
 *
 * A field of the query or mutation type belongs to the part if it leads to a billing type: by its own
 * type, by an argument, or through other types about apps, which then belong too. `App` and
 * `AppInstallation` do not count here, because everything about apps leads to them.
 *
 * The part is closed: fields, arguments, interfaces, union members and input fields whose type is
 * outside are left out, and a field that cannot be used without them (a required argument) is left
 * out whole. So everything that is valid in the part is valid in the full schema. Types, fields
 * and values are sorted by name, because versions and sources differ in their order.
 *
 * @throws UnusablePartError if an input type of the part requires something outside.
 */
export function billingPart(full: IntrospectionQuery): BillingPart {
  const { __schema: schema } = full;
  const { types, queryType, mutationType, directives } = schema;
  const byName = new Map(types.map((type) => [type.name, type]));
  const isRoot = (name: string): boolean => name === queryType.name || name === mutationType?.name;

  const leadsToBilling = (name: string, seen = new Set<string>()): boolean => {
    if (billing.test(name)) return true;
    const type = byName.get(name);
    if (type === undefined || !aboutApps.test(name) || supporting.test(name) || seen.has(name)) {
      return false;
    }
    seen.add(name);
    return namesIn(type).some((next) => leadsToBilling(next, seen));
  };
  const isEntrance = (root: string, field: IntrospectionField): boolean =>
    (root === queryType.name && entrances.test(field.name)) ||
    [nameOf(field.type), ...namesInArgs(field)].some((name) => leadsToBilling(name));

  // Types about apps that a billing type or an entrance mentions belong to it: its inputs and errors, say.
  const mentioned = new Set<string>();
  const mention = (name: string): void => {
    const type = byName.get(name);
    if (type === undefined || mentioned.has(name)) return;
    if (!aboutApps.test(name) || supporting.test(name)) return;
    mentioned.add(name);
    for (const next of namesIn(type)) mention(next);
  };
  for (const type of types) {
    if (leadsToBilling(type.name)) mention(type.name);
    if (!isRoot(type.name) || type.kind !== "OBJECT") continue;
    for (const field of type.fields.filter((field) => isEntrance(type.name, field))) {
      for (const name of [nameOf(field.type), ...namesInArgs(field)]) mention(name);
    }
  }
  const inside = (ref: IntrospectionTypeRef): boolean => {
    const name = nameOf(ref);
    return byName.get(name)?.kind === "SCALAR" || supporting.test(name) || mentioned.has(name);
  };

  const leftOut = new Set<string>();
  /** Notes what a reader of the report would want to know about. */
  const leaveOut = (type: string, member: string, types: readonly string[]): void => {
    const isNoteworthy =
      types.some((name) => aboutApps.test(name)) ||
      (isRoot(type) ? rootNames.test(member) : mentioned.has(type));
    if (isNoteworthy) leftOut.add(`${type}.${member}`);
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
  const fieldsInside = ({ name, fields }: IntrospectionObjectType | IntrospectionInterfaceType) =>
    fields
      .filter((field) => {
        const isKept =
          inside(field.type) && usable(field) && (!isRoot(name) || isEntrance(name, field));
        if (!isKept) leaveOut(name, field.name, [nameOf(field.type), ...namesInArgs(field)]);
        return isKept;
      })
      .map((field) => {
        for (const arg of field.args.filter(({ type }) => !inside(type))) {
          leaveOut(name, `${field.name}(${arg.name}:)`, [nameOf(arg.type)]);
        }
        return withArgsInside(field);
      });

  const cut = (type: IntrospectionType): IntrospectionType => {
    switch (type.kind) {
      case "OBJECT": {
        const fields = fieldsInside(type);
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
          fields: fieldsInside(type),
          // An interface leads to nothing: its objects are those that other fields reach.
          possibleTypes: [],
        };
      case "UNION":
        for (const { name } of type.possibleTypes.filter((member) => !inside(member))) {
          leaveOut(type.name, name, [name]);
        }
        return { ...type, possibleTypes: type.possibleTypes.filter(inside) };
      case "INPUT_OBJECT": {
        const outside = type.inputFields.find((field) => isRequired(field) && !inside(field.type));
        if (outside) throw new UnusablePartError(type.name, outside);
        for (const field of type.inputFields.filter((field) => !inside(field.type))) {
          leaveOut(type.name, field.name, [nameOf(field.type)]);
        }
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

  // Introspection does not say where a type-system directive is applied, so only directives that an
  // operation can use are worth keeping.
  const keptDirectives = directives
    .filter(
      (directive) =>
        specified.has(directive.name) ||
        (directive.locations.some((location) => executable.has(location)) && usable(directive)),
    )
    .map(withArgsInside);
  for (const name of keptDirectives.flatMap(namesInArgs)) enter(name);

  return {
    schema: lexicographicSortSchema(
      buildClientSchema({
        __schema: {
          ...schema,
          subscriptionType: null,
          types: [...part.values()],
          directives: keptDirectives,
        },
      }),
    ),
    leftOut: [...leftOut].sort(),
  };
}

/** An input type of the part requires a value whose type is outside, so it could not be used. */
export class UnusablePartError extends Error {
  override name = "UnusablePartError" as const;

  constructor(type: string, field: IntrospectionInputValue) {
    super(
      `${type}.${field.name} is required and of type ${nameOf(field.type)}, which is not in the ` +
        `usage-billing part: add that type to \`billing\` in scripts/billing-part.ts.`,
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
