import { readOnCommand, type ReadRecord } from "../reading.js";
import { readBarePage } from "./bare-page.js";

async function* records(endpoint: string): AsyncGenerator<ReadRecord, void, undefined> {
  let after: string | null = null;
  for (;;) {
    const { nodes, pageInfo } = await readBarePage(endpoint, after);
    for (const node of nodes) yield node;
    if (!pageInfo.hasNextPage) return;
    after = pageInfo.endCursor;
  }
}

readOnCommand(async (endpoint, each) => {
  for await (const record of records(endpoint)) each(record);
});
