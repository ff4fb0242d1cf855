import { executeCodegen } from "@graphql-codegen/cli";
import { relative } from "node:path";
import { codegenConfig } from "../codegen.js";

/** The files that graphql-codegen makes for these versions, by path from the root; none is written. */
export async function generatedFiles(
  root: string,
  schemas: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  const { result, error } = await executeCodegen({ ...codegenConfig(root, schemas), silent: true });
  if (error) throw error;
  return new Map(
    result.map(({ filename, content }) => [
      relative(root, filename).replaceAll("\\", "/"),
      content,
    ]),
  );
}
