import { expect, test } from "vitest";
import type { Page } from "../admin-api.js";
import { paginate } from "./pages.js";

/** Pages of numbers, read through a connection whose requests are counted. */
function connection(pages: readonly (readonly number[])[], broken = -1) {
  const requested: string[] = [];
  const nodes = paginate<number>(async (after, signal): Promise<Page<number>> => {
    const index = after === null ? 0 : Number(after);
    requested.push(`${index}`);
    await Promise.resolve();
    signal.throwIfAborted();
    if (index === broken) throw new TypeError("broken");
    const pageInfo = { hasNextPage: index + 1 < pages.length, endCursor: `${index + 1}` };
    return { nodes: pages[index] ?? [], pageInfo };
  }, undefined);
  return { nodes, requested };
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of source) list.push(item);
  return list;
}

const PAGES = [[1, 2, 3], [], [4], [5, 6]];

test("nodes come in order, over empty pages", async () => {
  expect(await all(connection(PAGES).nodes)).toEqual([1, 2, 3, 4, 5, 6]);
});

test("pages come without the empty ones", async () => {
  expect(await all(connection(PAGES).nodes.pages())).toEqual([[1, 2, 3], [4], [5, 6]]);
});

test("nodes that are requested all at once come in order", async () => {
  const iterator = connection(PAGES).nodes[Symbol.asyncIterator]();

  const asked = Array.from({ length: 8 }, () => iterator.next());

  expect((await Promise.all(asked)).map(({ value }) => value)).toEqual([
    1,
    2,
    3,
    4,
    5,
    6,
    undefined,
    undefined,
  ]);
});

test("the next page is requested when half of one is consumed", async () => {
  const { nodes, requested } = connection([
    [1, 2, 3, 4],
    [5, 6, 7, 8],
  ]);
  const iterator = nodes[Symbol.asyncIterator]();

  await iterator.next();
  await iterator.next();
  expect(requested).toEqual(["0"]);
  await iterator.next();
  expect(requested).toEqual(["0", "1"]);
});

test("after the loop was left there is no more, and nothing more is requested", async () => {
  const { nodes, requested } = connection(PAGES);
  const iterator = nodes[Symbol.asyncIterator]();
  await iterator.next();

  expect(await iterator.return?.()).toMatchObject({ done: true });

  expect(await iterator.next()).toEqual({ done: true, value: undefined });
  expect(requested).toEqual(["0"]);
});

test("leaving while a node is awaited gives that node, and no more", async () => {
  const iterator = connection(PAGES).nodes[Symbol.asyncIterator]();

  const awaited = iterator.next();
  const left = iterator.return?.();

  expect(await awaited).toEqual({ done: false, value: 1 });
  expect(await left).toMatchObject({ done: true });
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
});

test("a failure rejects once, and then there is no more", async () => {
  const iterator = connection(PAGES, 2).nodes[Symbol.asyncIterator]();
  const asked = Array.from({ length: 5 }, () => iterator.next());

  const settled = await Promise.allSettled(asked);

  expect(settled.map(({ status }) => status)).toEqual([
    "fulfilled",
    "fulfilled",
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
  expect(await asked[4]).toEqual({ done: true, value: undefined });
});

test("each loop reads from the start", async () => {
  const { nodes, requested } = connection(PAGES);

  expect(await all(nodes)).toEqual(await all(nodes));
  expect(requested).toEqual(["0", "1", "2", "3", "0", "1", "2", "3"]);
});
