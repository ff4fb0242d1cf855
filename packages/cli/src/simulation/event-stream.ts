/** The least time between events, in milliseconds. */
const PAUSE = 100;

/** Keeps open pages up to date by server-sent events. */
export class EventStream {
  readonly #take: () => object;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #listeners = new Set<ReadableStreamDefaultController<Uint8Array>>();
  readonly #encoder = new TextEncoder();
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** @param take - returns what to send */
  constructor(take: () => object, headers: Readonly<Record<string, string>>) {
    this.#take = take;
    this.#headers = headers;
  }

  /** Sends a page the current state, and then each change. */
  respond(): Response {
    let own: ReadableStreamDefaultController<Uint8Array> | null = null;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        own = controller;
        this.#listeners.add(controller);
        controller.enqueue(this.#event());
      },
      cancel: () => {
        if (own) this.#listeners.delete(own);
      },
    });
    return new Response(body, {
      headers: { ...this.#headers, "content-type": "text/event-stream" },
    });
  }

  /** Sends the new state to all pages, soon, and once for many changes. */
  changed(): void {
    if (this.#listeners.size === 0) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      const event = this.#event();
      for (const listener of this.#listeners) listener.enqueue(event);
    }, PAUSE);
  }

  /** Ends all streams. */
  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (const listener of this.#listeners) listener.close();
    this.#listeners.clear();
  }

  #event(): Uint8Array {
    return this.#encoder.encode(`data: ${JSON.stringify(this.#take())}\n\n`);
  }
}
