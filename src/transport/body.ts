import { isObject } from "../is-object.js";

/** The text of a body, and whether there was more than was read. */
export interface BoundedText {
  readonly text: string;
  readonly cut: boolean;
}

// Without `stream` it keeps nothing from one text to the next.
const decoder = new TextDecoder();

function decode(chunks: readonly Uint8Array[], bytes: number): string {
  const [first] = chunks;
  if (chunks.length === 1) return decoder.decode(first);
  const all = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.byteLength;
  }
  return decoder.decode(all);
}

/** Whether a body is a web stream. node-fetch has one of Node's own, and some runtimes have none. */
function isWebStream(body: unknown): body is ReadableStream<Uint8Array> {
  return isObject(body) && "getReader" in body;
}

/**
 * Reads a body as text, up to a number of bytes, and drops the rest unread.
 *
 * @remarks
 * `Content-Length` is not read: it counts compressed bytes, if it is true at all.
 */
export async function readBounded(
  response: Response,
  limit: number,
  signal?: AbortSignal,
): Promise<BoundedText> {
  const { body } = response;
  if (!isWebStream(body)) {
    const text = await response.text();
    return { text: text.slice(0, limit), cut: text.length > limit };
  }
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { text: decode(chunks, bytes), cut: false };
    const room = limit - bytes;
    const cut = value.byteLength > room;
    chunks.push(cut ? value.subarray(0, room) : value);
    bytes += Math.min(value.byteLength, room);
    // Enough was read, or nothing waits for more and `fetch` ignores its signal.
    if (cut || signal?.aborted) {
      reader.cancel().catch(() => undefined);
      return { text: decode(chunks, bytes), cut: true };
    }
  }
}

/** Lets go of a body that is not read, so that its connection is free. */
export function discard(response: unknown): void {
  const body: unknown = Object(response).body;
  if (isWebStream(body)) body.cancel().catch(() => undefined);
  else if (isObject(body) && typeof body["destroy"] === "function") body["destroy"]();
}
