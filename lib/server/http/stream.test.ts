import { describe, expect, it, vi } from 'vitest';
import { toStream } from './stream';

describe('a stream of pieces', () => {
  it('is the text', async () => {
    const pieces = async function* () {
      yield '{"a":';
      yield '"ä';
      yield '🎬"}';
    };
    const onError = vi.fn();
    expect(await new Response(toStream(pieces(), onError)).json()).toEqual({ a: 'ä🎬' });
    expect(onError).not.toHaveBeenCalled();
  });

  it('asks for no piece before the one before is taken, and for none after its reader has gone', async () => {
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

  it('has nothing to say of a reader who goes while a piece is fetched', async () => {
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

  it('breaks off where a piece cannot be had', async () => {
    const pieces = async function* () {
      yield '{';
      throw new Error('gone');
    };
    const onError = vi.fn();
    await expect(new Response(toStream(pieces(), onError)).text()).rejects.toThrow('gone');
    expect(onError).toHaveBeenCalledOnce();
  });
});
