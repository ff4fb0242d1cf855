import { GraphQLError } from "graphql";

/** Something that stands in a list with a number of its own and a date. */
export interface Listed {
  readonly number: number;
  /** As printed: `2025-01-31T12:00:00Z`, which sorts as text. */
  readonly createdAt: string;
}

export type SortKey = "CREATED_AT" | "ID" | "RELEVANCE";

/** The arguments of a Relay connection. */
export interface ConnectionArguments {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
  readonly reverse?: boolean | null;
  readonly sortKey?: SortKey | null;
}

/** Pages hold 250 nodes at most (documented by Shopify). */
const LARGEST_PAGE = 250;

type Order = "CREATED_AT" | "ID";

function badRequest(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: "BAD_REQUEST" } });
}

/** Cursors have the shape seen in live stores: the position's id and sort value, so that they outlive new items. */
function cursorOf(item: Listed, order: Order): string {
  return btoa(
    JSON.stringify({
      last_id: item.number,
      last_value: order === "ID" ? String(item.number) : item.createdAt,
    }),
  );
}

function readCursor(cursor: string, order: Order): Listed {
  try {
    const position: unknown = JSON.parse(atob(cursor));
    if (typeof position === "object" && position !== null) {
      const { last_id: number, last_value: value } = position as Record<string, unknown>; // JSON enters
      if (typeof number === "number" && typeof value === "string") {
        if (order === "ID" && value === String(number)) return { number, createdAt: "" };
        if (order === "CREATED_AT" && /^\d{4}-.*Z$/.test(value))
          return { number, createdAt: value };
      }
    }
  } catch {
    // No base64, or no JSON: refused below.
  }
  throw badRequest("Invalid cursor for current pagination sort.");
}

function compareById(a: Listed, b: Listed): number {
  return a.number - b.number;
}

function compareByDate(a: Listed, b: Listed): number {
  return a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : compareById(a, b);
}

type Comparison = (a: Listed, b: Listed) => number;

/** Returns the number of leading items before `position`; with `orAt`, before or at it. */
function countUntil(
  items: readonly Listed[],
  position: Listed,
  compare: Comparison,
  orAt: boolean,
): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    const difference = item === undefined ? 1 : compare(item, position);
    if (difference < 0 || (orAt && difference === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Items in one order, which is restored when they are read after some came out of order. */
class Sorted<T extends Listed> {
  readonly #compare: Comparison;
  readonly #items: T[] = [];
  #isSorted = true;

  constructor(compare: Comparison) {
    this.#compare = compare;
  }

  add(item: T): void {
    const last = this.#items.at(-1);
    if (last !== undefined && this.#compare(last, item) > 0) this.#isSorted = false;
    this.#items.push(item);
  }

  get items(): readonly T[] {
    if (!this.#isSorted) {
      this.#items.sort(this.#compare);
      this.#isSorted = true;
    }
    return this.#items;
  }
}

function pageSize(name: "first" | "last", size: number | null | undefined): number | null {
  if (size === null || size === undefined) return null;
  // The texts are a choice: unknown. That 250 is the limit is documented by Shopify.
  if (size < 0) throw badRequest(`${name} must be zero or more`);
  if (size > LARGEST_PAGE) throw badRequest(`${name} cannot exceed ${LARGEST_PAGE}`);
  return size;
}

/**
 * A list that is read in pages, by creation or by id, in either direction.
 *
 * @remarks
 * Finding a page takes time that grows with the logarithm of the list, not with the list.
 */
export class PagedList<T extends Listed> {
  readonly #byId: Sorted<T> = new Sorted(compareById);
  readonly #byDate: Sorted<T> = new Sorted(compareByDate);

  add(item: T): void {
    this.#byId.add(item);
    this.#byDate.add(item);
  }

  /** All items, oldest first. */
  [Symbol.iterator](): IterableIterator<T> {
    return this.#byDate.items.values();
  }

  /** @throws GraphQLError with code BAD_REQUEST if the arguments do not describe a page. */
  page(args: ConnectionArguments): Connection<T> {
    const first = pageSize("first", args.first);
    const last = pageSize("last", args.last);
    // Captured from a live store.
    if (first === null && last === null) throw badRequest("you must provide one of first or last");

    // What relevance means without a search is a choice: unknown. The id is as good as any.
    const order: Order =
      args.sortKey === "ID" || args.sortKey === "RELEVANCE" ? "ID" : "CREATED_AT";
    const { items } = order === "ID" ? this.#byId : this.#byDate;
    const compare = order === "ID" ? compareById : compareByDate;
    const reverse = args.reverse ?? false;
    const { length } = items;

    /** How many items of the list, in the direction it is read, come before or at a cursor. */
    const passed = (cursor: string, orAt: boolean): number => {
      const position = readCursor(cursor, order);
      return reverse
        ? length - countUntil(items, position, compare, !orAt)
        : countUntil(items, position, compare, orAt);
    };
    let start = args.after ? passed(args.after, true) : 0;
    let end = Math.max(start, args.before ? passed(args.before, false) : length);
    if (first !== null) end = Math.min(end, start + first);
    if (last !== null) start = Math.max(start, end - last);

    const nodes = reverse
      ? items.slice(length - end, length - start).reverse()
      : items.slice(start, end);
    return new Connection(nodes, order, start > 0, end < length);
  }
}

/** One page, with the fields of every Relay connection. */
export class Connection<T extends Listed> {
  readonly nodes: readonly T[];
  readonly #order: Order;
  readonly #hasPreviousPage: boolean;
  readonly #hasNextPage: boolean;

  constructor(nodes: readonly T[], order: Order, hasPreviousPage: boolean, hasNextPage: boolean) {
    this.nodes = nodes;
    this.#order = order;
    this.#hasPreviousPage = hasPreviousPage;
    this.#hasNextPage = hasNextPage;
  }

  get edges(): readonly { readonly node: T; readonly cursor: string }[] {
    return this.nodes.map((node) => ({ node, cursor: cursorOf(node, this.#order) }));
  }

  get pageInfo(): {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  } {
    const first = this.nodes[0];
    const last = this.nodes.at(-1);
    return {
      hasNextPage: this.#hasNextPage,
      hasPreviousPage: this.#hasPreviousPage,
      startCursor: first ? cursorOf(first, this.#order) : null,
      endCursor: last ? cursorOf(last, this.#order) : null,
    };
  }
}
