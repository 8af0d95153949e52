import { describe, expect, it, vi } from 'vitest';
import { toStream } from './stream';

describe('a stream of pieces', () => {
  it('has the pieces as UTF-8', async () => {
    const pieces = async function* () {
      yield '{"a":';
      yield '"ä';
      yield '🎬"}';
    };
    const onError = vi.fn();
    expect(await new Response(toStream(pieces(), onError)).json()).toEqual({ a: 'ä🎬' });
    expect(onError).not.toHaveBeenCalled();
  });

  it('requests a piece when the one before was read, and none after the reader has left', async () => {
    const log: string[] = [];
    const pieces = async function* () {
      try {
        for (let i = 0; ; i++) {
          log.push(`${i}`);
          yield 'x';
        }
      } finally {
        log.push('end');
      }
    };
    const reader = toStream(pieces(), vi.fn()).getReader();
    expect(log).toEqual([]);
    await reader.read();
    await reader.read();
    expect(log).toEqual(['0', '1']);
    await reader.cancel();
    expect(log).toEqual(['0', '1', 'end']);
  });

  it('reports no error when the reader leaves while a piece is being read', async () => {
    let resolve = (_: string) => {};
    const piece = new Promise<string>((settle) => {
      resolve = settle;
    });
    const pieces = async function* () {
      yield await piece;
    };
    const onError = vi.fn();
    const reader = toStream(pieces(), onError).getReader();
    const read = reader.read();
    const left = reader.cancel();
    resolve('late');
    await left;
    expect(await read).toMatchObject({ done: true });
    expect(onError).not.toHaveBeenCalled();
  });

  it('ends with an error where a piece cannot be read', async () => {
    const pieces = async function* () {
      yield '{';
      throw new Error('gone');
    };
    const onError = vi.fn();
    await expect(new Response(toStream(pieces(), onError)).text()).rejects.toThrow('gone');
    expect(onError).toHaveBeenCalledOnce();
  });
});
