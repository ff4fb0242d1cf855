// Fetched by npx, the command is in no project: the plain `npx usage-billing` would look for a
// package of that name, which is not ours.
const isFetchedByNpx = import.meta.url.includes("/_npx/");

/** How users run the command; what it prints can be pasted. */
export const COMMAND = isFetchedByNpx
  ? "npx -p shopify-usage-billing-cli usage-billing"
  : "npx usage-billing";
