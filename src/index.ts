// The main entry keeps its API version until a major release of the package.
export * from "./versions/2025-01.js";
