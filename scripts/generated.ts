import { generate } from "@graphql-codegen/cli";
import { relative } from "node:path";
import { codegenConfig } from "../codegen.js";

/** The files that graphql-codegen makes for these versions, by path from the root; none is written. */
export async function generatedFiles(
  root: string,
  schemas: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  const files: readonly { filename: string; content: string }[] = await generate(
    { ...codegenConfig(root, schemas), silent: true },
    false,
  );
  return new Map(
    files.map(({ filename, content }) => [relative(root, filename).replaceAll("\\", "/"), content]),
  );
}
