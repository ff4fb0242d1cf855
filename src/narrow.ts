import type { NonEmptyArray } from "./result.js";

/** A mutation's payload as Shopify's schema has it. */
export interface PayloadWithUserErrors {
  readonly userErrors: readonly { readonly message: string }[];
}

/** A payload without its user errors. */
export type PayloadOf<Payload extends PayloadWithUserErrors> = Omit<Payload, "userErrors">;

/** One of a payload's user errors. If the schema types its `code`, the type is kept. */
export type UserErrorOf<Payload extends PayloadWithUserErrors> = Payload["userErrors"][number];

/** A payload, narrowed to success or user errors. */
export type Narrowed<Payload extends PayloadWithUserErrors> =
  | { readonly ok: true; readonly payload: PayloadOf<Payload> }
  | { readonly ok: false; readonly userErrors: NonEmptyArray<UserErrorOf<Payload>> };

/** Whether there is at least one element. */
export function isNonEmpty<T>(list: readonly T[]): list is NonEmptyArray<T> {
  return list.length > 0;
}

/**
 * Narrows the payload of any Admin API mutation to success or user errors.
 *
 * @remarks
 * `billing.mutate` does this for a whole operation. Use this for payloads that the app received in
 * another way.
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
