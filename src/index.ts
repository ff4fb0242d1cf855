// The main entry keeps its API version until a major release of the package. What is published names
// that version's file itself, which is one file less to load.
export * from "./versions/2025-01.js";
