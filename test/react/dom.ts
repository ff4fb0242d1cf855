/**
 * A browser's document for tests that render, without the browser's `fetch`, `URL` and signals: those stay
 * Node's, which the simulator answers. Import it before React.
 */
import { Window } from "happy-dom";

const window = new Window({ url: "https://app.example/" });

const BROWSER = {
  window,
  document: window.document,
  navigator: window.navigator,
  HTMLElement: window.HTMLElement,
  HTMLIFrameElement: window.HTMLIFrameElement,
  Element: window.Element,
  Node: window.Node,
  MutationObserver: window.MutationObserver,
  IS_REACT_ACT_ENVIRONMENT: true,
};

for (const [name, value] of Object.entries(BROWSER)) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}

/** Where to render. */
export function createContainer(): { innerHTML: string; readonly textContent: string } & Element {
  const container = window.document.createElement("div");
  window.document.body.append(container);
  // React's types name the browser's own element, of which this is an implementation.
  return container as unknown as ReturnType<typeof createContainer>;
}
