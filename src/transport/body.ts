/** Text of a body, and whether there was more than was read. */
export interface BoundedText {
  readonly text: string;
  readonly cut: boolean;
}

/**
 * Reads a body as text, up to a number of bytes, and drops the rest unread.
 *
 * @remarks
 * `Content-Length` is not asked: it speaks of the compressed size, if it speaks the truth.
 */
export async function readBounded(response: Response, limit: number): Promise<BoundedText> {
  const { body } = response;
  // Null where the answer has no body; absent in runtimes whose `fetch` cannot stream.
  if (!body) return { text: await response.text(), cut: false };
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { text: text + decoder.decode(), cut: false };
    const room = limit - bytes;
    bytes += value.byteLength;
    text += decoder.decode(value.subarray(0, room), { stream: true });
    if (bytes > limit) {
      reader.cancel().catch(() => undefined); // What was read is enough.
      return { text, cut: true };
    }
  }
}
