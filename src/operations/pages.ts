import { following } from "../abort.js";
import type { Page } from "../admin-api.js";
import { InvalidResponseError } from "../errors/invalid-response-error.js";

/** Requests the page after a cursor, or the first page for `null`. */
export type ReadPage<Node> = (after: string | null, signal: AbortSignal) => Promise<Page<Node>>;

/**
 * How many empty pages in a row to accept. Shopify sends none, but a broken server might send them
 * forever.
 */
const MOST_EMPTY_PAGES = 3;

/** An async iterable of the nodes of a connection, which can also be read page by page. */
export interface Nodes<Node> extends AsyncIterable<Node> {
  /** Iterates over pages instead of nodes. A page is requested only when the loop asks for it. */
  readonly pages: () => AsyncIterable<readonly Node[]>;
}

/**
 * Detects cursors that repeat, so that paging always ends.
 *
 * @remarks
 * Brent's algorithm: a cursor that goes in a circle meets a landmark that moves less and less
 * often, so remembering one cursor is enough.
 */
class Cursors {
  #last: string | null = null;
  #landmark: string | null = null;
  #steps = 0;
  #stride = 1;

  /** Returns the cursor of the next page; `null` if this is the last one. */
  after<Node>({ pageInfo: { hasNextPage, endCursor } }: Page<Node>): string | null {
    if (!hasNextPage) return null;
    if (endCursor === null || endCursor === this.#last || endCursor === this.#landmark) {
      throw new InvalidResponseError(
        "The connection reports another page but its cursor does not advance",
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

/** A page that has been loaded. */
interface ReadAheadPage<Node> {
  readonly nodes: readonly Node[];
  /** Requests the next page now, if there is one. */
  readonly readAhead: () => void;
}

async function* readPages<Node>(
  read: ReadPage<Node>,
  outer: AbortSignal | undefined,
): AsyncGenerator<ReadAheadPage<Node>, void, undefined> {
  const { controller, release } = following(outer);
  const { signal } = controller;
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
        throw new InvalidResponseError("The connection reports more nodes but its pages are empty");
      }
      const readAhead = (): void => {
        if (next === null) return;
        request ??= read(next, signal);
        request.catch(() => undefined); // Awaited above, unless the loop ends before.
      };
      if (page.nodes.length > 0) yield { nodes: page.nodes, readAhead };
      readAhead();
    }
  } finally {
    release();
    controller.abort();
  }
}

/**
 * Iterates over a connection.
 *
 * @remarks
 * The next page is requested when half of the current one is consumed. Leaving the loop aborts that
 * request silently.
 */
export function paginate<Node>(read: ReadPage<Node>, outer: AbortSignal | undefined): Nodes<Node> {
  return {
    async *pages() {
      for await (const { nodes } of readPages(read, outer)) yield nodes;
    },
    async *[Symbol.asyncIterator]() {
      for await (const { nodes, readAhead } of readPages(read, outer)) {
        const half = Math.floor(nodes.length / 2);
        for (const node of nodes.slice(0, half)) yield node;
        readAhead();
        for (const node of nodes.slice(half)) yield node;
      }
    },
  };
}
