/** A browser's document before React is loaded; `fetch` and signals stay Node's. */
import { Window } from "happy-dom";

const window = new Window({ url: "https://app.example/" });
for (const name of ["document", "navigator", "HTMLElement", "HTMLIFrameElement", "Node"]) {
  Object.defineProperty(globalThis, name, { value: window[name], configurable: true });
}
Object.assign(globalThis, { window });
