import { createContext, type ComponentChildren, type JSX } from "preact";
import { useContext, useRef } from "preact/hooks";
import type { PageAction } from "../page-action.js";

/** Does an action, and shows what came of it. */
export const Act = createContext<(action: PageAction) => Promise<void>>(() => Promise.resolve());

/** Asks the simulator for something, and returns what it says. */
export async function post(action: PageAction): Promise<string> {
  try {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify(action);
    const response = await fetch("/actions", { method: "POST", headers, body });
    const said: { readonly done?: string; readonly problem?: string } = await response.json();
    return said.done ?? said.problem ?? `Status ${response.status}`;
  } catch {
    return "The simulator does not respond.";
  }
}

/** Returns a function that does an action, unless the one before is still under way. */
function useAct(): (action: PageAction) => void {
  const act = useContext(Act);
  const isBusy = useRef(false);
  return (action) => {
    // Not `disabled`: a button that is disabled loses the keyboard's focus.
    if (isBusy.current) return;
    isBusy.current = true;
    void act(action).then(() => (isBusy.current = false));
  };
}

/** A button that does an action. */
export function Button({
  does,
  ...attributes
}: { readonly does: PageAction } & JSX.ButtonHTMLAttributes): JSX.Element {
  const act = useAct();
  return <button type="button" {...attributes} onClick={() => act(does)} />;
}

/** A form that does an action made of its fields. */
export function Form({
  does,
  children,
}: {
  readonly does: (field: (name: string) => string) => PageAction;
  readonly children: ComponentChildren;
}): JSX.Element {
  const act = useAct();
  const submit = (event: JSX.TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    act(does((name) => String(data.get(name) ?? "")));
  };
  return (
    <form class="row" onSubmit={submit}>
      {children}
    </form>
  );
}
