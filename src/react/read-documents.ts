import type { AdminApi, Documents } from "../admin-api.js";

/** The documents of an API version that the hooks use. None of them is a mutation. */
export type ReadDocuments<Api extends AdminApi> = Pick<
  Documents<Api>,
  "ActiveSubscriptionsDocument" | "UsageRecordsDocument"
>;
