import { executeCodegen } from "@graphql-codegen/cli";
import { buildSchema } from "graphql";
import { relative } from "node:path";
import { codegenConfig } from "../codegen.js";
import { InvalidOperationsError, invalidOperations, readOperations } from "./operations.js";

/**
 * Returns the files that graphql-codegen makes for these versions, by path from the root. None is written.
 *
 * @throws OperationSyntaxError, InvalidOperationsError
 */
export async function generatedFiles(
  root: string,
  schemas: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  // Codegen would find the same mistakes, but report them without file and line.
  const operations = readOperations(root);
  for (const [version, sdl] of schemas) {
    const invalid = invalidOperations(operations, buildSchema(sdl));
    if (invalid.length > 0) throw new InvalidOperationsError(version, invalid);
  }
  const { result, error } = await executeCodegen({ ...codegenConfig(root, schemas), silent: true });
  if (error) throw error;
  return new Map(
    result.map(({ filename, content }) => [
      relative(root, filename).replaceAll("\\", "/"),
      content,
    ]),
  );
}
