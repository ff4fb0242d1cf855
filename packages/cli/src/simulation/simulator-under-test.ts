import { onTestFinished } from "vitest";
import type { CliUnderTest, Running } from "../cli-under-test.js";
import type { Snapshot } from "./snapshot.js";

/** A simulator that runs, with what it printed about itself. */
export interface Place {
  readonly running: Running;
  readonly url: string;
  readonly endpoint: string;
  readonly shop: string;
  readonly accessToken: string;
  readonly refreshToken?: string;
}

/** Starts a simulator, as a script would. */
export async function startSimulator(cli: CliUnderTest, ...args: string[]): Promise<Place> {
  const running = cli.start(["simulate", "--port", "0", "--json", ...args]);
  const seen = await running.shows("\n");
  const place: Omit<Place, "running"> = JSON.parse(seen.split("\n", 1)[0] ?? "");
  return { running, ...place };
}

/** Sends an action, as a button of the page does. */
export async function act(
  place: Place,
  action: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(`${place.url}/actions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(action),
  });
  return { status: response.status, body: await response.json() };
}

/** The states that the live page receives, one for each change. */
export async function* states({ url }: Place): AsyncGenerator<Snapshot, void, undefined> {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  const response = await fetch(`${url}/events`, { signal: controller.signal });
  let text = "";
  for await (const piece of response.body ?? []) {
    text += new TextDecoder().decode(piece);
    const events = text.split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) yield JSON.parse(event.replace(/^data: /, ""));
  }
}

/** Returns the first state that fulfils a condition. */
export async function stateThat(
  place: Place,
  holds: (state: Snapshot) => boolean,
): Promise<Snapshot> {
  for await (const state of states(place)) if (holds(state)) return state;
  throw new Error("The stream of events has ended");
}
