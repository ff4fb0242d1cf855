// Runs the bundled worker in the Workers runtime and prints what it answers.
import { Miniflare } from "miniflare";

const [endpoint] = process.argv.slice(2);
const worker = new Miniflare({ modules: true, scriptPath: "worker.bundle.js" });
const url = `http://worker.example/?endpoint=${encodeURIComponent(endpoint)}`;
console.log(await (await worker.dispatchFetch(url)).text());
await worker.dispose();
