import { expect, test, vi } from "vitest";
import { readBounded } from "./body.js";

/** An answer whose body comes in these pieces. */
function inPieces(pieces: readonly Uint8Array[], cancel?: () => void): Response {
  const left = [...pieces];
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const piece = left.shift();
      if (piece) controller.enqueue(piece);
      else controller.close();
    },
    ...(cancel && { cancel }),
  });
  return new Response(body);
}

const bytes = new TextEncoder().encode("Preis: 5 €, danke");

test("a body is read as text", async () => {
  expect(await readBounded(inPieces([bytes]), 100)).toEqual({
    text: "Preis: 5 €, danke",
    cut: false,
  });
});

test("letters that are split between two pieces stay whole", async () => {
  const pieces = Array.from(bytes, (byte) => Uint8Array.of(byte));

  expect(await readBounded(inPieces(pieces), 100)).toEqual({
    text: "Preis: 5 €, danke",
    cut: false,
  });
});

test("a body of just the limit is whole", async () => {
  expect(await readBounded(inPieces([bytes]), bytes.length)).toMatchObject({ cut: false });
});

test.each([
  ["one piece", [bytes]],
  ["several pieces", [bytes.slice(0, 3), bytes.slice(3, 6), bytes.slice(6)]],
])("a larger one in %s is cut, and the rest left unread", async (_, pieces) => {
  const cancel = vi.fn<() => void>();

  const { text, cut } = await readBounded(inPieces(pieces, cancel), 8);

  expect({ text, cut }).toEqual({ text: "Preis: 5", cut: true });
  expect(cancel).toHaveBeenCalledOnce();
});

test("an endless one is cut", async () => {
  const endless = new Response(
    new ReadableStream<Uint8Array>({
      pull: (controller) => {
        controller.enqueue(new Uint8Array(1_000).fill(120));
      },
    }),
  );

  expect(await readBounded(endless, 2_500)).toEqual({ text: "x".repeat(2_500), cut: true });
});

test("an answer without body is empty text", async () => {
  expect(await readBounded(new Response(null, { status: 204 }), 100)).toEqual({
    text: "",
    cut: false,
  });
});

test("a body that breaks off is an error", async () => {
  const broken = new Response(
    new ReadableStream({
      pull: (controller) => {
        controller.error(new TypeError("terminated"));
      },
    }),
  );

  await expect(readBounded(broken, 100)).rejects.toThrow("terminated");
});
