/** Shopify's `UserError`: it has no code. */
export interface UserError {
  readonly field: readonly string[] | null;
  readonly message: string;
}

export function userError(field: readonly string[] | null, message: string): UserError {
  return { field, message };
}
