/** A signal's one listener, and what it runs. */
interface SharedListener {
  readonly runs: Set<() => void>;
  readonly listener: () => void;
}

const shared = new WeakMap<AbortSignal, SharedListener>();

function listenTo(signal: AbortSignal): SharedListener {
  const runs = new Set<() => void>();
  const listener = (): void => {
    shared.delete(signal); // A signal may outlive the calls that it aborted.
    for (const run of runs) run();
  };
  signal.addEventListener("abort", listener, { once: true });
  return { runs, listener };
}

/**
 * Runs a function when a signal aborts; returns a function that cancels this.
 *
 * @remarks
 * All that wait on one signal share a listener: Node warns of a leak if a signal has more than ten, and
 * searches all of them to remove one.
 */
export function onAbort(signal: AbortSignal | undefined, run: () => void): () => void {
  if (!signal) return () => undefined;
  const known = shared.get(signal) ?? listenTo(signal);
  shared.set(signal, known);
  known.runs.add(run);
  return () => {
    known.runs.delete(run);
    if (known.runs.size > 0 || shared.get(signal) !== known) return;
    shared.delete(signal);
    signal.removeEventListener("abort", known.listener);
  };
}

/** Waits, at most until the signal aborts. */
export function delay(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      release();
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    const release = onAbort(signal, end);
  });
}

/** Settles as the work does, or rejects with the signal's reason as soon as it aborts, even if the work ignores it. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error); // any value that the app aborted with
    if (signal.aborted) abort();
    const release = onAbort(signal, abort);
    work.then(resolve, reject).finally(release);
  });
}

/** Creates a controller that the signal also aborts, until it is released. */
export function following(signal: AbortSignal | undefined): {
  readonly controller: AbortController;
  readonly release: () => void;
} {
  const controller = new AbortController();
  const abort = (): void => controller.abort(signal?.reason);
  if (signal?.aborted) abort();
  return { controller, release: onAbort(signal, abort) };
}
