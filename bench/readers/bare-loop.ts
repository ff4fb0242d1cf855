import { readOnCommand } from "../reading.js";
import { readBarePage } from "./bare-page.js";

readOnCommand(async (endpoint, each) => {
  let after: string | null = null;
  for (;;) {
    const { nodes, pageInfo } = await readBarePage(endpoint, after);
    for (const node of nodes) each(node);
    if (!pageInfo.hasNextPage) return;
    after = pageInfo.endCursor;
  }
});
