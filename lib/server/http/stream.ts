import 'server-only';

/**
 * Streams a text, which comes in pieces, as UTF-8. A piece is requested when the one before was read, and none after
 * the reader has left. Where a piece cannot be read the stream ends with an error, so that a partial text is not
 * taken for the whole.
 *
 * @param onError receives the error of a piece, unless the reader has left
 */
export function toStream(pieces: AsyncIterable<string>, onError: (error: unknown) => void): ReadableStream<Uint8Array> {
  const reader = pieces[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let isCancelled = false;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.next();
          // The reader left while the piece was being read.
          if (isCancelled) return;
          if (done) controller.close();
          else controller.enqueue(encoder.encode(value));
        } catch (error) {
          if (isCancelled) return;
          onError(error);
          controller.error(error);
        }
      },
      async cancel() {
        isCancelled = true;
        await reader.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
