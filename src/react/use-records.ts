"use client";

import { useCallback, useMemo, useRef, useState } from "react";
import { useClient } from "urql";
import type { AdminApi, Page, UsageRecordsData } from "../admin-api.js";
import { InvalidResponseError } from "../errors/invalid-response-error.js";
import { NoActiveUsageLineItemError } from "../errors/no-active-usage-line-item-error.js";
import type { ActiveUsageLineItem } from "../operations/active-usage-line-item.js";
import { usageRecordsPageOf } from "../operations/usage-records.js";
import type { ReadDocuments } from "./read-documents.js";
import { readErrorOf, toReadError, type ReadError } from "./read-error.js";
import type { Reading } from "./reading.js";
import {
  checkRecordsInput,
  firstPageVariables,
  type UsageRecordsReadingInput,
} from "./records-request.js";
import { useLineItem } from "./use-line-item.js";
import { useReading } from "./use-reading.js";

/** The state and controls of paging. */
export interface MoreRecords {
  /** Whether more records can be loaded. */
  readonly hasMore: boolean;
  /** Whether the next page is being read. */
  readonly loadingMore: boolean;
  /** Reads the next page. Does nothing if a page is being read, or if there are no more. */
  readonly loadMore: () => void;
}

/** The usage records read so far. */
export type UsageRecordsReading<UsageRecord> = Reading<readonly UsageRecord[]> & MoreRecords;

/** The pages read so far, one after another. */
interface Chain<Node> {
  /** The list that they are pages of. */
  readonly list: object;
  readonly pages: readonly Page<Node>[];
  readonly doing: "nothing" | "loadingMore" | "refreshing";
  readonly error: ReadError | null;
}

/** Returns the cursor of the next page; `null` if there is none. */
function cursorAfter(pages: readonly Page<unknown>[]): string | null {
  const [before, last] = pages.length > 1 ? pages.slice(-2) : [undefined, pages[0]];
  if (!last?.pageInfo.hasNextPage) return null;
  const { endCursor } = last.pageInfo;
  if (endCursor === null || endCursor === before?.pageInfo.endCursor) {
    throw new InvalidResponseError(
      "The connection reports another page but its cursor does not advance",
    );
  }
  return endCursor;
}

function subscriptionIdOf({ subscription }: ActiveUsageLineItem): string {
  return subscription.id;
}

/** Reads usage records page by page. */
export function useRecords<Api extends AdminApi>(
  documents: ReadDocuments<Api>,
  input: UsageRecordsReadingInput<Api["UsageRecordSortKey"]>,
): UsageRecordsReading<Api["UsageRecord"]> {
  type Node = Api["UsageRecord"];
  const { subscriptionId: given, isTest, reverse, sortKey, pageSize } = input;
  const { UsageRecordsDocument: document } = documents;

  const problem = useMemo((): ReadError | null => {
    try {
      checkRecordsInput({ subscriptionId: given, isTest, reverse, sortKey, pageSize });
      return null;
    } catch (error) {
      return toReadError(error);
    }
  }, [given, isTest, reverse, sortKey, pageSize]);

  const lookedUp = given === undefined && !problem;
  const lineItem = useLineItem(documents, { isTest }, subscriptionIdOf, !lookedUp);
  const subscriptionId = given ?? lineItem.data;

  const variables = useMemo(
    () => firstPageVariables(subscriptionId ?? "", { reverse, sortKey, pageSize }),
    [subscriptionId, reverse, sortKey, pageSize],
  );
  const read = useCallback(
    (data: UsageRecordsData<Api>): Page<Node> => {
      const page = usageRecordsPageOf<Api>(data, null);
      if (page) return page;
      throw new NoActiveUsageLineItemError(
        `The shop has no subscription ${subscriptionId} with a usage line item`,
      );
    },
    [subscriptionId],
  );
  const pause = subscriptionId === null || problem !== null;
  const first = useReading({ document, variables, read, pause });

  const client = useClient();
  const list = useMemo(() => ({ client, variables }), [client, variables]);
  const [chainState, setChain] = useState<Chain<Node> | null>(null);
  const chain = chainState?.list === list ? chainState : null;
  const { data: firstPage } = first;
  const pages = useMemo(
    () => chain?.pages ?? (firstPage ? [firstPage] : null),
    [chain?.pages, firstPage],
  );

  /** The list whose page is being read. The result of any other read is ignored. */
  const underWay = useRef<{ readonly list: object } | null>(null);

  const readPage = useCallback(
    async (after: string | null, requestPolicy: "cache-first" | "network-only") => {
      const result = await client
        .query(document, { ...variables, after }, { requestPolicy })
        .toPromise();
      const failure = readErrorOf(result);
      if (failure) throw failure;
      if (result.data === undefined) throw new InvalidResponseError("The response has no data");
      return read(result.data);
    },
    [client, document, variables, read],
  );

  const begin = useCallback(
    (
      doing: Chain<Node>["doing"],
      before: readonly Page<Node>[],
      work: () => Promise<readonly Page<Node>[]>,
    ): void => {
      const token = { list };
      underWay.current = token;
      const end = (after: readonly Page<Node>[], error: ReadError | null): void => {
        if (underWay.current !== token) return;
        underWay.current = null;
        setChain({ list, pages: after, doing: "nothing", error });
      };
      setChain((now) => {
        const error = now?.list === list ? now.error : null;
        return { list, pages: before, doing, error };
      });
      work().then(
        (after) => end(after, null),
        (cause: unknown) => end(before, toReadError(cause)),
      );
    },
    [list],
  );

  const loadMore = useCallback((): void => {
    const last = pages?.at(-1);
    if (!pages || !last?.pageInfo.hasNextPage || underWay.current?.list === list) return;
    begin("loadingMore", pages, async () => [
      ...pages,
      await readPage(cursorAfter(pages), "cache-first"),
    ]);
  }, [pages, list, begin, readPage]);

  const { refresh: refreshLineItem } = lineItem;
  const { refresh: refreshFirst } = first;
  const count = pages?.length ?? 0;
  const refresh = useCallback((): void => {
    refreshLineItem();
    if (!pages || count < 2) {
      underWay.current = null;
      setChain(null);
      refreshFirst();
      return;
    }
    begin("refreshing", pages, async () => {
      const anew = [await readPage(null, "network-only")];
      while (anew.length < count) {
        const after = cursorAfter(anew);
        if (after === null) break;
        anew.push(await readPage(after, "network-only"));
      }
      return anew;
    });
  }, [refreshLineItem, refreshFirst, pages, count, begin, readPage]);

  const refreshing =
    lineItem.refreshing || first.refreshing || chain?.doing === "refreshing" || false;
  const loadingMore = chain?.doing === "loadingMore";
  const error = problem ?? chain?.error ?? first.error ?? lineItem.error;
  const waiting = lookedUp && subscriptionId === null ? lineItem.status : null;

  return useMemo((): UsageRecordsReading<Node> => {
    const hasMore = pages?.at(-1)?.pageInfo.hasNextPage ?? false;
    const controls = { hasMore, loadingMore, loadMore, refresh };
    const data = pages?.flatMap(({ nodes }) => nodes) ?? null;
    if (error) return { status: "error", data, error, refreshing, ...controls };
    if (data) return { status: "ready", data, error: null, refreshing, ...controls };
    return waiting === "noPlan"
      ? { status: "noPlan", data: null, error: null, refreshing, ...controls }
      : { status: "loading", data: null, error: null, refreshing: false, ...controls };
  }, [pages, loadingMore, loadMore, refresh, error, refreshing, waiting]);
}
