import { Big } from "big.js";
import { isLosslessNumber } from "lossless-json";
import { assertUsageRecordInput, InvalidInputError } from "shopify-usage-billing";
import type { ChargeInput } from "../connection/connection.js";
import type { Columns, Field } from "./columns.js";

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

/** How rows are read. */
export interface RowDefaults {
  readonly columns: Columns;
  readonly currencyCode: string;
  readonly subscriptionLineItemId: string | undefined;
  readonly isTest: boolean;
}

/** A row that may be sent, or what is wrong with it. */
export type ReadRow =
  | { readonly input: RowInput; readonly problem?: undefined }
  | { readonly idempotencyKey: string | null; readonly problem: string };

/** The longest exponent of a JSON number that is written out. */
const LARGEST_EXPONENT = 64;

/** Reads a row. Nothing that is wrong with it stops the rows behind it. */
export function readRow({ content }: Row, defaults: RowDefaults): ReadRow {
  if ("problem" in content) return { idempotencyKey: null, problem: content.problem };
  const { columns } = defaults;
  const fields = unfold(content.fields);
  const values = new Map<Field, unknown>();
  for (const [name, value] of fields) {
    const field = columns.fieldOf(name);
    // CSV has no other way to leave a value out.
    if (field !== null) values.set(field, value === "" || value === null ? undefined : value);
  }
  const idempotencyKey = keyOf(values.get("idempotencyKey"));
  const refuse = (problem: string): ReadRow => ({
    idempotencyKey: typeof idempotencyKey === "string" ? idempotencyKey : null,
    problem,
  });
  const empty = [...values].find(
    ([field, value]) =>
      value === undefined && field !== "currencyCode" && field !== "subscriptionLineItemId",
  );
  if (empty) return refuse(`${empty[0]} is empty`);
  const wrongColumns = columns.problemWith([...fields.keys()]);
  if (wrongColumns !== null) return refuse(wrongColumns);
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
    if (isDamaged(input.idempotencyKey)) {
      return refuse("idempotencyKey has a character that was lost (U+FFFD): export the file again");
    }
    return { input: { ...input, idempotencyKey: input.idempotencyKey } };
  } catch (error) {
    if (error instanceof InvalidInputError) return refuse(error.message.replace(/^price\./, ""));
    throw error;
  }
}

/** Whether a key lost a character, so that another may be the same: by a bad conversion, or as half a surrogate pair. */
function isDamaged(key: string): boolean {
  return key.includes("\uFFFD") || Buffer.from(key).toString() !== key;
}

/** Replaces `{ "price": { "amount": …, "currencyCode": … } }`, as the client takes it, by two fields. */
function unfold(fields: ReadonlyMap<string, unknown>): ReadonlyMap<string, unknown> {
  const price = fields.get("price");
  if (typeof price !== "object" || price === null || isLosslessNumber(price)) return fields;
  const flat = new Map(fields);
  flat.delete("price");
  for (const [name, value] of Object.entries(price)) flat.set(name, value);
  return flat;
}

/** Returns a key as text; an id may be a number, of any length. */
function keyOf(value: unknown): unknown {
  return isLosslessNumber(value) ? value.toString() : value;
}

/** Returns an amount as a decimal string with all its digits. */
function amountOf(value: unknown): unknown {
  if (typeof value === "string") return value.trim();
  if (!isLosslessNumber(value)) return value;
  const text = value.toString();
  const exponent = Number(/e(.*)$/i.exec(text)?.[1] ?? 0);
  return Math.abs(exponent) > LARGEST_EXPONENT ? text : Big(text).toFixed();
}

/** Returns what must be the same in two rows with one key. */
export function contentOf({ description, price, subscriptionLineItemId }: RowInput): string {
  return JSON.stringify([
    description,
    Big(price.amount).toFixed(),
    price.currencyCode,
    subscriptionLineItemId ?? null,
  ]);
}
