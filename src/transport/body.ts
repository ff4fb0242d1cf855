/** Text of a body, and whether there was more than was read. */
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

/**
 * Reads a body as text, up to a number of bytes, and drops the rest unread.
 *
 * @remarks
 * `Content-Length` is not asked: it speaks of the compressed size, if it speaks the truth.
 */
export async function readBounded(
  response: Response,
  limit: number,
  signal?: AbortSignal,
): Promise<BoundedText> {
  const { body } = response;
  // Null where the answer has no body; absent in runtimes whose `fetch` cannot stream.
  if (!body) return { text: await response.text(), cut: false };
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
    // What was read is enough, or nobody waits for more and the `fetch` does not heed its signal.
    if (cut || signal?.aborted) {
      reader.cancel().catch(() => undefined);
      return { text: decode(chunks, bytes), cut: true };
    }
  }
}
