import { ADMIN_CONSUMER, createAdminApp } from "../admin-types.js";
import { OURS } from "../contenders.js";
import { figure, spread, table } from "../markdown.js";
import type { Goal, Measure } from "../section.js";
import { spreadOf } from "../statistics.js";
import {
  DOCUMENT_CONSUMER,
  EMPTY_CONSUMER,
  OUR_CONSUMER,
  typeCheck,
  URQL_CONSUMER,
  type TypeCheck,
  type TypeCheckOptions,
} from "../type-check.js";

const ROUNDS = 9;

interface Consumer {
  readonly title: string;
  readonly app: string;
  readonly folder: string;
  readonly code: string;
}

/** Medians of a consumer's checks. */
type Medians = Omit<TypeCheck, "checking">;

function mediansOf(checks: readonly TypeCheck[]): Medians {
  const median = (name: keyof Medians): number =>
    spreadOf(checks.map((check) => check[name])).median;
  return {
    types: median("types"),
    instantiations: median("instantiations"),
    kilobytes: median("kilobytes"),
  };
}

/** Measures the cost of type-checking a consumer, compared with an empty one. */
export const typeCost: Measure = async ({ workbench, quick, say }) => {
  const rounds = quick ? 3 : ROUNDS;
  say("types: installing");
  const app = await workbench.install("types", [OURS, "@types/node", "graphql"]);
  say("types: generating the types of the whole schema");
  const admin = await createAdminApp(workbench);
  const empty = { title: "nothing", app, folder: "empty", code: EMPTY_CONSUMER };
  const ours = {
    title: "**shopify-usage-billing**, one version",
    app,
    folder: "ours",
    code: OUR_CONSUMER,
  };
  const theirs = {
    title: "@shopify/admin-api-client with the types of @shopify/api-codegen-preset",
    app: admin,
    folder: "admin",
    code: ADMIN_CONSUMER,
  };

  // What ours is made of: no declaration of this package can cost less than those that it names.
  const floors: readonly Consumer[] = [
    {
      title: "@urql/core, the type `Client`",
      app,
      folder: "urql",
      code: URQL_CONSUMER,
    },
    {
      title: "@graphql-typed-document-node/core, the type `TypedDocumentNode`",
      app,
      folder: "documents",
      code: DOCUMENT_CONSUMER,
    },
  ];

  const compare = async (
    options: TypeCheckOptions,
  ): Promise<{ readonly table: string; readonly goals: readonly Goal[] }> => {
    const checks = new Map<Consumer, TypeCheck[]>([
      [empty, []],
      [ours, []],
      [theirs, []],
      ...floors.map((floor): [Consumer, TypeCheck[]] => [floor, []]),
    ]);
    for (let round = 1; round <= rounds; round += 1) {
      say(`types: round ${round} of ${rounds}`);
      for (const [{ app, folder, code }, found] of checks) {
        found.push(await typeCheck(app, folder, code, options));
      }
    }
    const base = mediansOf(checks.get(empty) ?? []);
    const over = (consumer: Consumer): Medians => {
      const { types, instantiations, kilobytes } = mediansOf(checks.get(consumer) ?? []);
      return {
        types: types - base.types,
        instantiations: instantiations - base.instantiations,
        kilobytes: kilobytes - base.kilobytes,
      };
    };
    const rowOf = (title: string, consumer: Consumer, medians: Medians): (string | number)[] => [
      title,
      medians.types,
      medians.instantiations,
      figure(medians.kilobytes / 1_000, 1),
      spread(spreadOf((checks.get(consumer) ?? []).map(({ checking }) => checking)), 0),
    ];
    const [our, their] = [over(ours), over(theirs)];
    const where = options.skipLibCheck ? "libraries unchecked" : "libraries checked";
    return {
      table: table(
        [
          `consumer, ${where}`,
          "types",
          "instantiations",
          "memory, MB",
          "check time with the empty project, ms",
        ],
        [
          rowOf(ours.title, ours, our),
          rowOf(theirs.title, theirs, their),
          ...floors.map((floor) => rowOf(floor.title, floor, over(floor))),
          rowOf("the empty project itself", empty, base),
        ],
      ),
      goals: [
        {
          what: `types of a consumer, ${where}, against one typed by the whole schema`,
          goal: "at most a fifth",
          measured: `${our.types}; ${their.types}: ${figure(our.types / their.types, 3)}`,
          met: our.types <= their.types / 5,
        },
        {
          what: `memory of the compiler, ${where}, against the same`,
          goal: "at most a quarter",
          measured: `${figure(our.kilobytes / 1_000, 1)} MB; ${figure(their.kilobytes / 1_000, 1)} MB: ${figure(our.kilobytes / their.kilobytes, 3)}`,
          met: our.kilobytes <= their.kilobytes / 4,
        },
      ],
    };
  };

  const checked = await compare({ skipLibCheck: false });
  const unchecked = await compare({ skipLibCheck: true });
  return {
    title: "Types",
    text: [
      `What \`tsc --extendedDiagnostics --singleThreaded\` reports for a consumer that makes one charge, over one that imports nothing; medians of ${rounds} runs. ` +
        "All but the types of the whole schema are checked in one project, and every one reads the same libraries beside what it imports: TypeScript's own, the DOM's included, and Node's. " +
        "The types of the whole schema are those of Admin API 2025-01, generated by @shopify/api-codegen-preset 2.0.1 for the same charge. " +
        "The goals are held against the first table, in which the declarations of libraries are checked; " +
        "the second is with `skipLibCheck`.",
      checked.table,
      unchecked.table,
    ],
    // The goals were set with the libraries checked; the other table is for comparison.
    goals: checked.goals,
  };
};
