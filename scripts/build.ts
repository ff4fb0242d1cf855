import { join } from "node:path";
import { buildJavaScript } from "./build-javascript.js";
import { removeUnreachable, shareGenerated } from "./declarations.js";
import { readManifest } from "./manifest.js";

const root = join(import.meta.dirname, "..");
const directory = join(root, "dist");

// The compiler was here before, and left the declarations.
shareGenerated(directory);
removeUnreachable(directory, readManifest(root).entries);
await buildJavaScript(directory);
