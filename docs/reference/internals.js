/**
 * A plugin for TypeDoc. A type that an exported one is made of is shown, but has no name to import: only
 * what has one must be documented.
 */
import { existsSync, readFileSync } from "node:fs";
import { Comment, Converter } from "typedoc";

/** The names that an entry exports: its declarations end with lists of them. */
function exportedBy(entry) {
  const files = [`${entry}.d.ts`, `${entry}/index.d.ts`];
  const file = files
    .map((path) => new URL(`../../dist/esm/${path}`, import.meta.url))
    .find((url) => existsSync(url));
  const lists = readFileSync(file, "utf8").matchAll(/^export (?:type )?\{([^}]*)\}/gm);
  return new Set(
    Array.from(lists, ([, list]) =>
      list.split(",").map((name) => name.trim().split(" ").at(-1)),
    ).flat(),
  );
}

export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const entry of project.children ?? []) {
      const exported = exportedBy(entry.name);
      for (const reflection of Object.values(project.reflections)) {
        let top = reflection;
        while (top.parent && top.parent !== entry) top = top.parent;
        if (top.parent !== entry || exported.has(top.name)) continue;
        reflection.comment ??= new Comment([{ kind: "text", text: "Part of an exported type." }]);
      }
    }
  });
}
