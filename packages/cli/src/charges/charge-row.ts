import { Big } from "big.js";
import { assertUsageRecordInput, InvalidInputError } from "shopify-usage-billing";
import type { ChargeInput } from "../connection/connection.js";

/** A charge of a row: its key is what makes a run repeatable. */
export interface RowInput extends ChargeInput {
  readonly idempotencyKey: string;
}

/** A row of a file, as it was read. */
export interface Row {
  /** 1 for the first line of the file. */
  readonly line: number;
  /** Its fields by name, or why it has none. */
  readonly content:
    { readonly fields: ReadonlyMap<string, unknown> } | { readonly problem: string };
}

/** What holds for rows that do not say otherwise. */
export interface RowDefaults {
  readonly currencyCode: string;
  readonly subscriptionLineItemId: string | undefined;
  readonly isTest: boolean;
  /** Are fields allowed that mean nothing here? */
  readonly allowUnknown: boolean;
}

/** A row that may be sent, or what is wrong with it. */
export type ReadRow =
  | { readonly input: RowInput; readonly problem?: undefined }
  | { readonly idempotencyKey: string | null; readonly problem: string };

/** The fields of a charge, by the names that a file may have for them. */
const NAMES = {
  idempotencykey: "idempotencyKey",
  key: "idempotencyKey",
  description: "description",
  amount: "amount",
  price: "amount",
  currencycode: "currencyCode",
  currency: "currencyCode",
  subscriptionlineitemid: "subscriptionLineItemId",
  lineitem: "subscriptionLineItemId",
} as const;

type Field = (typeof NAMES)[keyof typeof NAMES];

const NEEDED = ["idempotencyKey", "description", "amount"] as const;

/** `Idempotency Key`, `idempotency_key` and `idempotencyKey` are one. */
function fieldOf(name: string): Field | null {
  const plain = name.toLowerCase().replaceAll(/[\s_-]/g, "");
  return Object.entries(NAMES).find(([known]) => known === plain)?.[1] ?? null;
}

/** What is wrong with the names of a row's fields; null where nothing is. */
function problemWithNames(names: Iterable<string>, allowUnknown: boolean): string | null {
  const seen = new Set<Field>();
  for (const name of names) {
    const field = fieldOf(name);
    if (field === null) {
      if (allowUnknown) continue;
      return `"${name}" means nothing here: known are idempotencyKey, description, amount, currencyCode and subscriptionLineItemId; --ignore-unknown leaves others out`;
    }
    if (seen.has(field)) return `"${name}" is there twice`;
    seen.add(field);
  }
  for (const needed of NEEDED) {
    if (!seen.has(needed)) return `${needed} is missing`;
  }
  return null;
}

/** A value, with empty text for none, as CSV has it. */
function textOf(value: unknown): unknown {
  return value === "" || value === null ? undefined : value;
}

/** Reads a row. Nothing that is wrong with it stops the rows behind it. */
export function readRow({ content }: Row, defaults: RowDefaults): ReadRow {
  if ("problem" in content) return { idempotencyKey: null, problem: content.problem };
  const values = new Map<Field, unknown>();
  for (const [name, value] of unfold(content.fields)) {
    const field = fieldOf(name);
    if (field !== null) values.set(field, textOf(value));
  }
  const key = values.get("idempotencyKey");
  const idempotencyKey = typeof key === "number" ? String(key) : key;
  const refuse = (problem: string): ReadRow => ({
    idempotencyKey: typeof idempotencyKey === "string" ? idempotencyKey : null,
    problem,
  });
  for (const needed of NEEDED) {
    if (values.has(needed) && values.get(needed) === undefined) return refuse(`${needed} is empty`);
  }
  const wrongNames = problemWithNames(unfold(content.fields).keys(), defaults.allowUnknown);
  if (wrongNames !== null) return refuse(wrongNames);
  try {
    const input = {
      idempotencyKey,
      description: values.get("description"),
      price: {
        amount: amountOf(values.get("amount")),
        currencyCode: values.get("currencyCode") ?? defaults.currencyCode,
      },
      isTest: defaults.isTest,
      subscriptionLineItemId:
        values.get("subscriptionLineItemId") ?? defaults.subscriptionLineItemId,
    };
    assertUsageRecordInput(input);
    if (input.idempotencyKey === undefined) return refuse("idempotencyKey is missing");
    return { input: { ...input, idempotencyKey: input.idempotencyKey } };
  } catch (error) {
    if (error instanceof InvalidInputError) return refuse(error.message.replace(/^price\./, ""));
    throw error;
  }
}

/** `{ "price": { "amount": …, "currencyCode": … } }`, as the client takes it, becomes two fields. */
function unfold(fields: ReadonlyMap<string, unknown>): ReadonlyMap<string, unknown> {
  const price = fields.get("price");
  if (typeof price !== "object" || price === null) return fields;
  const flat = new Map(fields);
  flat.delete("price");
  for (const [name, value] of Object.entries(price)) flat.set(name, value);
  return flat;
}

/** Returns a number as a decimal string, and text without the space around it. */
function amountOf(value: unknown): unknown {
  if (typeof value === "number" && Number.isFinite(value)) return Big(value).toFixed();
  return typeof value === "string" ? value.trim() : value;
}

/** Two rows with one key must be the same charge. */
export function contentOf({ description, price, subscriptionLineItemId }: RowInput): string {
  return JSON.stringify([
    description,
    Big(price.amount).toFixed(),
    price.currencyCode,
    subscriptionLineItemId ?? null,
  ]);
}
