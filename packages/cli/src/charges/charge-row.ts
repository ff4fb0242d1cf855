import { Big } from "big.js";
import { isLosslessNumber } from "lossless-json";
import { assertUsageRecordInput, InvalidInputError } from "shopify-usage-billing";
import type { ChargeInput } from "../connection/connection.js";
import type { Columns, Field } from "./columns.js";

/** The charge of a row. Its key makes the run safe to repeat. */
export interface RowInput extends ChargeInput {
  readonly idempotencyKey: string;
}

/** A row as read from the file. */
export interface Row {
  /** 1 for the first line of the file. */
  readonly line: number;
  /** Its fields by name, or why they cannot be read. */
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

/** A row that can be sent, or what is wrong with it. */
export type ReadRow =
  | { readonly input: RowInput; readonly problem?: undefined }
  | { readonly idempotencyKey: string | null; readonly problem: string };

/** The longest exponent of a JSON number that is written out. */
const LARGEST_EXPONENT = 64;

/** Reads a row. A problem with it does not stop the rows after it. */
export function readRow({ content }: Row, defaults: RowDefaults): ReadRow {
  if ("problem" in content) return { idempotencyKey: null, problem: content.problem };
  const { columns } = defaults;
  const fields = unfold(content.fields);
  const values = new Map<Field, unknown>();
  for (const [name, value] of fields) {
    const field = columns.fieldOf(name);
    // In CSV, an empty field is the only way to omit a value.
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
      return refuse(
        "idempotencyKey contains a character that was lost (U+FFFD): export the file again",
      );
    }
    return { input: { ...input, idempotencyKey: input.idempotencyKey } };
  } catch (error) {
    if (error instanceof InvalidInputError) return refuse(error.message.replace(/^price\./, ""));
    throw error;
  }
}

/**
 * Whether a key lost a character to a bad conversion, or has half a surrogate pair. Two such keys
 * may become equal.
 */
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

/** Returns what two rows with the same key must have in common. */
export function contentOf({ description, price, subscriptionLineItemId }: RowInput): string {
  return JSON.stringify([
    description,
    Big(price.amount).toFixed(),
    price.currencyCode,
    subscriptionLineItemId ?? null,
  ]);
}
