import type { NonEmptyArray } from "./result.js";

/** A mutation's payload as Shopify's schema has it. */
export interface PayloadWithUserErrors {
  readonly userErrors: readonly { readonly message: string }[];
}

/** A payload without its user errors. */
export type PayloadOf<Payload extends PayloadWithUserErrors> = Omit<Payload, "userErrors">;

/** What the user errors of a payload are; a `code` that the schema types stays typed. */
export type UserErrorOf<Payload extends PayloadWithUserErrors> = Payload["userErrors"][number];

/** A payload, narrowed to one of its two meanings. */
export type Narrowed<Payload extends PayloadWithUserErrors> =
  | { readonly ok: true; readonly payload: PayloadOf<Payload> }
  | { readonly ok: false; readonly userErrors: NonEmptyArray<UserErrorOf<Payload>> };

/** Whether there is at least one element. */
export function isNonEmpty<T>(list: readonly T[]): list is NonEmptyArray<T> {
  return list.length > 0;
}

/**
 * Narrows the payload of any Admin mutation into success or user errors.
 *
 * @remarks
 * `billing.mutate` does this with the answer of a whole operation; this is for payloads that
 * an app got by other means.
 *
 * @example
 * ```ts
 * const result = narrowUserErrors(data.webhookSubscriptionCreate);
 * if (result.ok) result.payload.webhookSubscription?.id;
 * else result.userErrors[0].message;
 * ```
 */
export function narrowUserErrors<Payload extends PayloadWithUserErrors>(
  payload: Payload,
): Narrowed<Payload> {
  const { userErrors, ...rest } = payload;
  const errors: readonly UserErrorOf<Payload>[] = userErrors;
  return isNonEmpty(errors) ? { ok: false, userErrors: errors } : { ok: true, payload: rest };
}

/**
 * The payload of the one mutation that an operation holds: `Data["appUsageRecordCreate"]`
 * without null. `never` if the operation has several.
 */
export type SolePayload<Data> = NonNullable<Data[Exclude<keyof Data, "__typename">]>;
