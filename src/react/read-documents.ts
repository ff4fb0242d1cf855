import type { AdminApi, Documents } from "../admin-api.js";

/** The documents of an API version that the hooks read by; there is no mutation among them. */
export type ReadDocuments<Api extends AdminApi> = Pick<
  Documents<Api>,
  "ActiveSubscriptionsDocument" | "UsageRecordsDocument"
>;
