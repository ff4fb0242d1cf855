/** Not more often than this, in milliseconds. */
const PAUSE = 100;

/** Pages that listen, by server-sent events. */
export class EventStream {
  readonly #take: () => object;
  readonly #listeners = new Set<ReadableStreamDefaultController<Uint8Array>>();
  readonly #encoder = new TextEncoder();
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** @param take - gives what to tell */
  constructor(take: () => object) {
    this.#take = take;
  }

  /** The answer to a page that begins to listen: what is now, and from then on what it becomes. */
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
      headers: { "content-type": "text/event-stream", "cache-control": "no-store" },
    });
  }

  /** Something has changed: all pages are told, soon and once for many changes. */
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
