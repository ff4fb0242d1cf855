import { onAbort } from "../abort.js";
import { InvalidResponseError } from "../errors/invalid-response-error.js";
import type { Page } from "../admin-api.js";

/** Asks for the page behind a cursor; null for the first. */
export type ReadPage<Node> = (after: string | null, signal: AbortSignal) => Promise<Page<Node>>;

/** Pages without nodes that still promise more; Shopify sends none, a broken server might send them forever. */
const MOST_EMPTY_PAGES = 3;

/** An async iterable of the nodes of a connection, which can also be read page by page. */
export interface Nodes<Node> extends AsyncIterable<Node> {
  /** The same, a page at a time; no page is requested before it is asked for. */
  readonly pages: () => AsyncIterable<readonly Node[]>;
}

/**
 * The cursors of a connection that is read, which must not come back to where they were.
 *
 * @remarks
 * Brent's algorithm: a cursor that goes in a circle meets a landmark that is moved ever more
 * seldom, so that one is enough to remember.
 */
class Cursors {
  #last: string | null = null;
  #landmark: string | null = null;
  #steps = 0;
  #stride = 1;

  /** Where the page behind a page begins; null where it was the last. */
  after<Node>({ pageInfo: { hasNextPage, endCursor } }: Page<Node>): string | null {
    if (!hasNextPage) return null;
    if (endCursor === null || endCursor === this.#last || endCursor === this.#landmark) {
      throw new InvalidResponseError(
        "The connection promises another page, but its cursor stands still",
      );
    }
    this.#last = endCursor;
    this.#steps += 1;
    if (this.#steps === this.#stride) {
      this.#landmark = endCursor;
      this.#steps = 0;
      this.#stride *= 2;
    }
    return endCursor;
  }
}

/** A controller that is aborted with a signal, until it is released. */
function follow(signal: AbortSignal | undefined): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort(signal?.reason);
  if (signal?.aborted) abort();
  const ignore = onAbort(signal, abort);
  return {
    signal: controller.signal,
    release: () => {
      ignore();
      controller.abort();
    },
  };
}

/**
 * The nodes of pages, one at a time.
 *
 * @remarks
 * Written out, because an async generator takes three turns of the queue for each node; this takes one.
 */
class NodeIterator<Node> implements AsyncIterableIterator<Node, undefined> {
  readonly #pages: AsyncGenerator<readonly Node[], void, undefined>;
  readonly #requestNext: () => void;
  #page: Iterator<Node, undefined> = [].values();
  /** How many nodes of the page are left until the next one is requested. */
  #ahead = 0;
  /** Answers that are owed: what is asked meanwhile waits behind them. */
  #owed = 0;
  /** Settles with the last of them. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(pages: AsyncGenerator<readonly Node[], void, undefined>, requestNext: () => void) {
    this.#pages = pages;
    this.#requestNext = requestNext;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Node, undefined>> {
    if (this.#owed === 0) {
      const result = this.#take();
      if (!result.done) return Promise.resolve(result);
    }
    return this.#queue(() => this.#advance());
  }

  return(): Promise<IteratorResult<Node, undefined>> {
    return this.#queue(async () => {
      this.#page = [].values();
      await this.#pages.return();
      return { done: true, value: undefined };
    });
  }

  #queue<Result>(step: () => Promise<Result>): Promise<Result> {
    this.#owed += 1;
    const answer = this.#last.then(step).finally(() => {
      this.#owed -= 1;
    });
    this.#last = answer.catch(() => undefined); // whoever asked is told
    return answer;
  }

  /** The next node of the page at hand. */
  #take(): IteratorResult<Node, undefined> {
    const result = this.#page.next();
    if (!result.done) {
      if (this.#ahead === 0) this.#requestNext();
      this.#ahead -= 1;
    }
    return result;
  }

  /** The next node, with the page that it may be on. */
  async #advance(): Promise<IteratorResult<Node, undefined>> {
    for (;;) {
      const result = this.#take();
      if (!result.done) return result;
      const page = await this.#pages.next();
      if (page.done) return { done: true, value: undefined };
      this.#page = page.value.values();
      this.#ahead = Math.floor(page.value.length / 2);
    }
  }
}

/**
 * Iterates over a connection.
 *
 * @remarks
 * The next page is requested when half of the current one is consumed; leaving the loop
 * aborts the request and says nothing of it.
 */
export function paginate<Node>(read: ReadPage<Node>, outer: AbortSignal | undefined): Nodes<Node> {
  async function* pages(
    ahead: (request: () => void) => void,
  ): AsyncGenerator<readonly Node[], void, undefined> {
    const { signal, release } = follow(outer);
    try {
      const cursors = new Cursors();
      let request: Promise<Page<Node>> | null = read(null, signal);
      let empty = 0;
      while (request) {
        const page: Page<Node> = await request;
        request = null;
        empty = page.nodes.length === 0 ? empty + 1 : 0;
        const next: string | null = cursors.after(page);
        if (next !== null && empty > MOST_EMPTY_PAGES) {
          throw new InvalidResponseError("The connection promises more, page after empty page");
        }
        // Told anew for each page, so that none is requested for one that is past.
        ahead(() => {
          if (next === null) return;
          request ??= read(next, signal);
          request.catch(() => undefined); // Awaited above, unless the loop is left before.
        });
        if (page.nodes.length > 0) yield page.nodes;
        if (next !== null) request ??= read(next, signal);
      }
    } finally {
      release();
    }
  }

  return {
    pages: () => pages(() => undefined),
    [Symbol.asyncIterator]: () => {
      let requestNext = (): void => undefined;
      return new NodeIterator(
        pages((request) => (requestNext = request)),
        () => requestNext(),
      );
    },
  };
}
