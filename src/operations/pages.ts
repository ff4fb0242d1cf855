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
    async *[Symbol.asyncIterator]() {
      let requestNext = (): void => undefined;
      for await (const nodes of pages((request) => (requestNext = request))) {
        const half = Math.floor(nodes.length / 2);
        for (const [index, node] of nodes.entries()) {
          if (index === half) requestNext();
          yield node;
        }
      }
    },
  };
}
