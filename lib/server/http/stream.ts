import 'server-only';

/**
 * A text in pieces as a stream of UTF-8. A piece is asked for when the one before has been taken, and none after the reader has gone. Where
 * one cannot be had the stream breaks off, so that nobody takes what came before for all.
 */
export function toStream(pieces: AsyncIterable<string>, onError: (error: unknown) => void): ReadableStream<Uint8Array> {
  const reader = pieces[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let isLeft = false;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.next();
          // The reader went while the piece was fetched.
          if (isLeft) return;
          if (done) controller.close();
          else controller.enqueue(encoder.encode(value));
        } catch (error) {
          if (isLeft) return;
          onError(error);
          controller.error(error);
        }
      },
      async cancel() {
        isLeft = true;
        await reader.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
