import { charge } from "./charge.js";

const [endpoint] = globalThis.Deno?.args ?? process.argv.slice(2);
console.log(JSON.stringify(await charge(endpoint)));
