import { charge } from "./charge.js";

const endpoint = new URL("/admin/api/2026-10/graphql.json", location.href).href;
const outcome = await charge(endpoint).catch(String);
await fetch("/outcome", { method: "POST", body: JSON.stringify(outcome) });
