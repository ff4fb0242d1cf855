/** The fields of a charge in a file. */
export const FIELDS = [
  "idempotencyKey",
  "description",
  "amount",
  "currencyCode",
  "subscriptionLineItemId",
] as const;

/** A field of a charge in a file. */
export type Field = (typeof FIELDS)[number];

const NEEDED = ["idempotencyKey", "description", "amount"] as const satisfies readonly Field[];

/** Other common names of the fields. */
const SYNONYMS: Readonly<Record<string, Field>> = {
  key: "idempotencyKey",
  price: "amount",
  currency: "currencyCode",
  lineitem: "subscriptionLineItemId",
};

/** Names of columns that may be the key, if their values are unique. */
const KEY_CANDIDATES: readonly string[] = ["id", "uuid", "eventid", "usageid", "chargeid"];

/** `Idempotency Key`, `idempotency_key` and `idempotencyKey` are the same name. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]/g, "");
}

/** Returns the field with a name. `null` if there is none. */
export function fieldNamed(name: string): Field | null {
  return FIELDS.find((field) => plain(field) === plain(name)) ?? null;
}

/** Which column of a file is which field of a charge. */
export class Columns {
  readonly #mapped: ReadonlyMap<string, Field>;
  readonly #allowUnknown: boolean;

  /**
   * @param mapped - fields by the names that the user gave for them
   * @param allowUnknown - whether to allow columns that are not a field
   */
  constructor(mapped: ReadonlyMap<string, Field>, allowUnknown: boolean) {
    this.#mapped = mapped;
    this.#allowUnknown = allowUnknown;
  }

  /** Returns the field of a column. `null` if it has none. */
  fieldOf(name: string): Field | null {
    const mapped = this.#mapped.get(name);
    if (mapped !== undefined) return mapped;
    const field = fieldNamed(name) ?? SYNONYMS[plain(name)] ?? null;
    // The user has mapped another column to this field.
    return field !== null && [...this.#mapped.values()].includes(field) ? null : field;
  }

  /** Returns what is wrong with the columns of a row or a header. `null` if nothing is. */
  problemWith(names: readonly string[]): string | null {
    const seen = new Map<Field, string>();
    const unknown: string[] = [];
    for (const name of names) {
      const field = this.fieldOf(name);
      const other = field === null ? undefined : seen.get(field);
      if (other !== undefined) return `"${other}" and "${name}" are both the ${field}`;
      if (field === null) unknown.push(name);
      else seen.set(field, name);
    }
    const absent = [...this.#mapped.keys()].find((name) => !names.includes(name));
    if (absent !== undefined) return `"${absent}", which --map names, is missing`;
    const missing = NEEDED.find((needed) => !seen.has(needed));
    const [first] = unknown;
    if (missing !== undefined) {
      return first === undefined
        ? `${missing} is missing`
        : `${missing} is missing; if "${first}" is that column, give --map "${first}=${missing}"`;
    }
    if (first === undefined || this.#allowUnknown) return null;
    return `"${first}" is not a field of a charge; expected ${FIELDS.join(", ")}. Give --ignore-unknown to ignore it`;
  }

  /** If no column is the key, returns the only one that may be. */
  keyCandidate(names: readonly string[]): string | null {
    if (names.some((name) => this.fieldOf(name) === "idempotencyKey")) return null;
    const candidates = names.filter((name) => KEY_CANDIDATES.includes(plain(name)));
    return candidates.length === 1 ? (candidates[0] ?? null) : null;
  }

  /** Returns a copy with one more column. */
  with(name: string, field: Field): Columns {
    return new Columns(new Map([...this.#mapped, [name, field]]), this.#allowUnknown);
  }
}
