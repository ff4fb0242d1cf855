import type { JSX } from "preact";
import { useState } from "preact/hooks";

/** A key, a string, a keyword, a variable, or a number: of JSON or of GraphQL. */
const TOKENS =
  /(?<key>"(?:[^"\\]|\\.)*"(?=\s*:))|(?<string>"(?:[^"\\]|\\.)*")|(?<word>\b(?:query|mutation|fragment|on|true|false|null)\b)|(?<variable>\$\w+)|(?<number>-?\b\d[\d.]*\b)/g;

/** JSON or GraphQL with a title and a button that copies it. */
export function Code({ title, text }: Record<"title" | "text", string>): JSX.Element {
  return (
    <figure class="code">
      <figcaption class="row">
        {title}
        <span class="gap" />
        <Copy text={text} what={title} />
      </figcaption>
      <pre tabIndex={0} aria-label={title}>
        <code>{highlighted(text)}</code>
      </pre>
    </figure>
  );
}

function highlighted(text: string): readonly (string | JSX.Element)[] {
  const pieces: (string | JSX.Element)[] = [];
  let end = 0;
  for (const { index, 0: token, groups = {} } of text.matchAll(TOKENS)) {
    const kind = Object.keys(groups).find((name) => groups[name] !== undefined);
    pieces.push(text.slice(end, index), <span class={kind}>{token}</span>);
    end = index + token.length;
  }
  return [...pieces, text.slice(end)];
}

/** A button that copies text. */
export function Copy({ text, what }: Record<"text" | "what", string>): JSX.Element {
  const [label, setLabel] = useState("copy");
  const copy = async (): Promise<void> => {
    const copied = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    setLabel(copied ? "copied" : "the browser forbids it");
  };
  return (
    <button type="button" class="link" aria-label={`Copy ${what}`} onClick={() => void copy()}>
      {label}
    </button>
  );
}
