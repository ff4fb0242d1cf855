import { expect, test } from "vitest";
import { DocumentError, shareDocuments, type VersionDocuments } from "./shared-documents.js";

const field = (name: string) => ({ kind: "Field", name: { kind: "Name", value: name } });

const fragment = (name: string, ...fields: readonly string[]) => ({
  kind: "FragmentDefinition",
  name: { kind: "Name", value: name },
  selectionSet: { kind: "SelectionSet", selections: fields.map(field) },
});

const documentOf = (...definitions: readonly object[]) => ({ kind: "Document", definitions });

const query = (name: string, ...fields: readonly string[]) => ({
  kind: "OperationDefinition",
  operation: "query",
  name: { kind: "Name", value: name },
  selectionSet: { kind: "SelectionSet", selections: fields.map(field) },
});

function share(versions: Record<string, VersionDocuments>) {
  return shareDocuments(new Map(Object.entries(versions)));
}

/** Runs the modules as the build leaves them, and gives what each version exports. */
async function load(versions: Record<string, VersionDocuments>) {
  const { home, modules } = share(versions);
  const urls = new Map<string, string>();
  for (const [version, code] of modules) {
    const linked = code.replaceAll(/"\.\.\/([^/]+)\/graphql\.js"/g, (_, other: string) =>
      JSON.stringify(urls.get(other)),
    );
    urls.set(version, `data:text/javascript,${encodeURIComponent(linked)}`);
  }
  const loaded: Record<string, VersionDocuments> = {};
  for (const [version, of] of home) {
    const module: VersionDocuments = await import(/* @vite-ignore */ urls.get(of) ?? "");
    loaded[version] = { ...module };
  }
  return loaded;
}

const money = fragment("Money", "amount");
const records = documentOf(query("Records", "id"), money);
const record = documentOf(query("Record", "id"), money);
const longer = documentOf(query("Record", "id", "key"), fragment("Money", "amount", "currency"));

test("versions with the same documents have one module, the oldest's", () => {
  const { home, modules } = share({
    unstable: { records, record },
    "2026-01": { record, records },
    "2025-10": { records, record },
  });
  expect([...modules.keys()]).toEqual(["2025-10"]);
  expect(Object.fromEntries(home)).toEqual({
    "2025-10": "2025-10",
    "2026-01": "2025-10",
    unstable: "2025-10",
  });
});

test("a document that differs is its version's own, until it is an older one's again", () => {
  const { home, modules } = share({
    "2025-10": { records, record },
    "2026-01": { records, record: longer },
    "2026-04": { records, record: longer },
    "2026-07": { records: longer, record: longer },
  });
  expect(modules.get("2026-01")).toBe(
    `export const record = ${JSON.stringify(longer)};\n` +
      'export { records } from "../2025-10/graphql.js";\n',
  );
  expect(home.get("2026-04")).toBe("2026-01");
  expect(modules.get("2026-07")).toContain('export { record } from "../2026-01/graphql.js"');
});

test("every version exports its documents with their values", async () => {
  const versions = {
    "2025-10": { records, record, MoneyFragmentDoc: documentOf(money) },
    "2026-01": { records, record: longer },
    "2026-04": { records: documentOf(query("Records", "id", "price"), money), record: longer },
    unstable: { records, record, MoneyFragmentDoc: documentOf(money) },
  };
  expect(await load(versions)).toEqual(versions);
});

test("a version that lacks a document of an older one does not get it", async () => {
  const versions = { "2025-10": { records, record }, "2026-01": { records } };
  expect(await load(versions)).toEqual(versions);
});

test("a fragment of several documents is written once", () => {
  const { modules } = share({ "2025-10": { records, record } });
  expect(modules.get("2025-10")?.split('"Money"')).toHaveLength(2);
});

test("what is no document is refused", () => {
  const versions = { "2025-10": { record: documentOf({ resolve: () => null }) } };
  expect(() => share(versions)).toThrow(DocumentError);
});
