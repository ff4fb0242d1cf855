/** The one listener of a signal, and what it calls. */
interface Heed {
  readonly runs: Set<() => void>;
  readonly listener: () => void;
}

const heeded = new WeakMap<AbortSignal, Heed>();

function heed(signal: AbortSignal): Heed {
  const runs = new Set<() => void>();
  const listener = (): void => {
    heeded.delete(signal); // An aborted signal that lives on must not keep the calls.
    for (const run of runs) run();
  };
  signal.addEventListener("abort", listener, { once: true });
  return { runs, listener };
}

/**
 * Calls a function when a signal aborts, until the function that is returned is called.
 *
 * @remarks
 * All calls on one signal share one listener, which goes with the last of them: Node warns of a
 * leak where a signal has more than ten, and takes each off by going through all.
 */
export function onAbort(signal: AbortSignal | undefined, run: () => void): () => void {
  if (!signal) return () => undefined;
  const known = heeded.get(signal) ?? heed(signal);
  heeded.set(signal, known);
  known.runs.add(run);
  return () => {
    known.runs.delete(run);
    if (known.runs.size > 0 || heeded.get(signal) !== known) return;
    heeded.delete(signal);
    signal.removeEventListener("abort", known.listener);
  };
}
