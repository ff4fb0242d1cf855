/** How users run the command; what it prints can be pasted. */
export const COMMAND = "npx usage-billing";
