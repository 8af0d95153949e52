import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { loadEngineFromFolder } from '../lib/artifacts/node';
import { MAX_HISTORY } from '../lib/contracts/engine';
import type { Engine } from '../lib/engine/engine';
import { folderOf } from '../testing/folder';
import { tinyArtifacts } from '../testing/tiny-artifacts';
import { type BatchOptions, recommendFile } from './recommend';

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngineFromFolder(join(await tinyArtifacts(), 'tiny'));
});

const options: BatchOptions = { mode: 'hybrid', topK: 4, diversity: 0, positiveAbove: null };

interface OutputLine {
  id: unknown;
  items: { item: string; score: number }[];
  error?: string;
}

/** Recommends for the given lines: objects are written as JSON, text as it is. */
async function run(lines: (object | string)[], changes: Partial<BatchOptions> = {}) {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  const folder = await folderOf({ 'h.jsonl': text });
  const out = new PassThrough({ highWaterMark: 1 << 24 });
  const report = await recommendFile(engine, join(folder, 'h.jsonl'), out, { ...options, ...changes });
  const written = String(out.read() ?? '');
  const output = written
    .split('\n')
    .slice(0, -1)
    .map((line): OutputLine => JSON.parse(line));
  return { report, output, written };
}
const idsOf = (line: OutputLine) => line.items.map(({ item }) => item);

describe('recommendFile', () => {
  it('writes one line per line, in order, with the recommendations of the engine', async () => {
    const lines = [
      { id: 'a', history: ['t4'] },
      { id: 7, history: [] },
      { id: 'c', history: [{ item: 't5' }, { item: 'sku007', value: 3, timestamp: 9 }] },
    ];
    const { output, report, written } = await run(lines);
    expect(output.map(({ id }) => id)).toEqual(['a', 7, 'c']);
    expect(written.endsWith('\n')).toBe(true);
    const histories = [['t4'], [], ['t5', 't7']];
    output.forEach(({ items }, i) => {
      const direct = engine.recommend({
        mode: 'hybrid',
        topK: 4,
        diversity: 0,
        history: histories[i].map((id) => ({ id })),
      });
      expect(items).toEqual(direct.items.map(({ id, score }) => ({ item: id, score })));
    });
    expect(report).toEqual({ lines: 3, badLines: 0, unreadable: [], unknownIds: 0 });
  });

  it('writes an error for an invalid line, and continues', async () => {
    const { output, report } = await run([
      '{"id": "a", "history": ["t4"',
      '',
      { id: 'b', history: 'none' },
      { history: ['t1'] },
      { id: 'd', history: [true] },
      { id: 'e', history: [{ item: 't1', value: 'good' }] },
      'null',
      { id: 'g', history: ['t1'], candidates: 't2' },
      { id: 'h', history: ['t1'] },
    ]);
    expect(output.map(({ id }) => id)).toEqual([null, 'b', null, 'd', 'e', null, 'g', 'h']);
    expect(output.map(({ items }) => items.length)).toEqual([0, 0, 0, 0, 0, 0, 0, 4]);
    expect(output.map(({ error }) => error)).toEqual([
      'line 1 is not JSON',
      expect.stringMatching(/^line 3: history: /),
      'line 4: id: must be text or a number',
      expect.stringMatching(/^line 5: history\.0: must be the id of an item, as "318", or /),
      expect.stringMatching(/^line 6: history\.0: must be the id of an item/),
      expect.stringMatching(/^line 7: the whole: /),
      expect.stringMatching(/^line 8: candidates: /),
      undefined,
    ]);
    expect(report).toEqual({ lines: 8, badLines: 7, unreadable: [1, 3, 4, 5, 6, 7, 8], unknownIds: 0 });
  });

  it('converts numbers to ids', async () => {
    const { output, report } = await run([{ id: 'a', history: [4, { item: 5 }, 't6'], candidates: [7, 't8'] }]);
    expect(output[0].error).toBeUndefined();
    // The catalog has no such ids.
    expect(report).toEqual({ lines: 1, badLines: 0, unreadable: [], unknownIds: 3 });
  });

  it('counts ids that the catalog does not have', async () => {
    const { output, report } = await run([
      { id: 'a', history: ['t4', 'gone', 'lost'] },
      { id: 'b', history: [], candidates: ['t1', 'nowhere'] },
    ]);
    expect(report.unknownIds).toBe(3);
    expect(output[0].items).toHaveLength(4);
    expect(idsOf(output[1])).toEqual(['t1']);
  });

  it('ranks exactly the candidates of a line, even if they are in its history', async () => {
    const { output } = await run(
      [
        { id: 'a', history: ['t4', 't6'], candidates: ['t9', 't4', 't8'] },
        { id: 'b', history: ['t4'], candidates: [] },
      ],
      { mode: 'collaborative' },
    );
    expect(idsOf(output[0]).sort()).toEqual(['t4', 't8', 't9']);
    expect(idsOf(output[0])[2]).toBe('t9');
    expect(output[1].items).toEqual([]);
  });

  it('applies mode, length, α and diversity', async () => {
    const line = { id: 'a', history: ['t4'] };
    const direct = (changes: object) =>
      engine.recommend({ mode: 'hybrid', topK: 4, history: [{ id: 't4' }], ...changes }).items.map(({ id }) => id);
    for (const changes of [{ mode: 'popular' as const }, { topK: 9 }, { alpha: 1 }, { alpha: 0 }, { diversity: 0.9 }]) {
      expect(idsOf((await run([line], changes)).output[0]), JSON.stringify(changes)).toEqual(direct(changes));
    }
  });

  it('accepts line separators inside text, and a byte order mark', async () => {
    const { output } = await run(['\ufeff{"id":"a\u2028b","history":["t4"]}', { id: 'c', history: [] }]);
    expect(output.map(({ id }) => id)).toEqual(['a\u2028b', 'c']);
    expect(output.every(({ error }) => error === undefined)).toBe(true);
  });

  it('throws if the file does not exist', async () => {
    const folder = await folderOf({});
    await expect(recommendFile(engine, join(folder, 'gone'), new PassThrough(), options)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: `cannot read ${join(folder, 'gone')}`,
    });
  });
});

describe('values', () => {
  const historyOf = async (history: object[], positiveAbove: number | null) => {
    const recommend = vi.spyOn(engine, 'recommend');
    await run([{ id: 'a', history }], { positiveAbove });
    const entries = recommend.mock.lastCall![0].history;
    recommend.mockRestore();
    return entries;
  };
  const valuesOf = async (values: (number | undefined)[], positiveAbove: number | null) =>
    (
      await historyOf(
        values.map((value) => ({ item: 't1', value })),
        positiveAbove,
      )
    ).map(({ value }) => value);

  it('are likes above the threshold, dislikes up to two thirds of it, and neutral in between', async () => {
    expect(await valuesOf([5, 4, 3.6, 3.5, 3, 2.4, 2.3, 0.5, undefined], 3.5)).toEqual([1, 1, 1, 0, 0, 0, -1, -1, 1]);
  });

  it('are all likes without a threshold', async () => {
    expect(await valuesOf([250, 1, 0, undefined], null)).toEqual([1, 1, 1, 1]);
  });

  it('are dropped, oldest first, if there are more than the engine accepts', async () => {
    const history = Array.from({ length: MAX_HISTORY + 2 }, (_, i) => ({
      item: `x${i}`,
      timestamp: i === 0 ? 1e9 : i,
    }));
    const kept = await historyOf(history, null);
    expect(kept).toHaveLength(MAX_HISTORY);
    expect(kept[0].id).toBe('x3');
    expect(kept.at(-1)!.id).toBe('x0');
  });
});

describe('a long file', () => {
  const LINES = 20_000;
  const long = () =>
    folderOf({
      'h.jsonl': Array.from({ length: LINES }, (_, i) => `{"id":${i},"history":["t4"],"candidates":["t1"]}`).join('\n'),
    });

  it('is read no faster than the output is consumed', async () => {
    const folder = await long();
    let [recommended, consumed, misplaced, largestLead, largestBuffer] = [0, 0, 0, 0, 0];
    const counting = Object.create(engine, {
      recommend: {
        value(request: Parameters<Engine['recommend']>[0]) {
          recommended++;
          return engine.recommend(request);
        },
      },
    });
    const slow: Writable = new Writable({
      highWaterMark: 2000,
      write(chunk, _, done) {
        largestLead = Math.max(largestLead, recommended - consumed);
        largestBuffer = Math.max(largestBuffer, slow.writableLength);
        if (JSON.parse(String(chunk)).id !== consumed++) misplaced++;
        // Most lines are consumed immediately, some later.
        if (consumed % 50 === 0) setImmediate(done);
        else done();
      },
    });
    const report = await recommendFile(counting, join(folder, 'h.jsonl'), slow, {
      ...options,
      mode: 'popular',
      topK: 1,
    });
    await new Promise((resolve) => slow.end(resolve));
    expect(report.lines).toBe(LINES);
    expect([consumed, misplaced]).toEqual([LINES, 0]);
    expect(largestBuffer).toBeLessThan(2200);
    expect(largestLead).toBeLessThan(100);
  });

  it('stops if the output fails', async () => {
    const folder = await long();
    const gone = new Writable({ highWaterMark: 10, write: (_, __, done) => done(new Error('EPIPE')) });
    gone.on('error', () => {});
    await expect(recommendFile(engine, join(folder, 'h.jsonl'), gone, options)).rejects.toThrow('EPIPE');
  });
});

describe('similar items', () => {
  it('are about the last item of the history, without the others', async () => {
    const { output, report } = await run(
      [
        { id: 'a', history: ['t9', { item: 't4', value: 1 }] },
        { id: 'b', history: ['t4'], candidates: ['t5', 't9', 't1'] },
      ],
      { isSimilar: true, topK: 60 },
    );
    const whole = engine.similar({ id: 't4', topK: 60, exclude: ['t9'], withoutReasons: true }).items;
    expect(idsOf(output[0])).toEqual(whole.map(({ id }) => id));
    expect(idsOf(output[0])).not.toContain('t9');
    expect(idsOf(output[0])).not.toContain('t4');
    expect(new Set(idsOf(output[1]))).toEqual(new Set(['t5', 't9', 't1']));
    expect(report).toEqual({ lines: 2, badLines: 0, unreadable: [], unknownIds: 0 });
  });

  it('are an error of the line where its last item is unknown or there is none', async () => {
    const { output, report } = await run(
      [
        { id: 'a', history: ['t4', 'gone'] },
        { id: 'b', history: [] },
        { id: 'c', history: ['t4'] },
      ],
      { isSimilar: true },
    );
    expect(output.map(({ items }) => items.length)).toEqual([0, 0, 4]);
    expect(output[0].error).toContain('line 1: no item "gone"');
    expect(output[1].error).toContain('line 2: history');
    expect(report.badLines).toBe(2);
  });

  it('and recommendations are better or less known by discovery', async () => {
    const popularityOf = async (discovery: number, isSimilar: boolean) => {
      const { output } = await run([{ id: 'a', history: ['t4'] }], { discovery, isSimilar, topK: 8 });
      return engine.items(idsOf(output[0])).reduce((sum, { popularity }) => sum + popularity, 0);
    };
    for (const isSimilar of [true, false])
      expect(await popularityOf(-1, isSimilar)).toBeGreaterThan(await popularityOf(1, isSimilar));
  });
});
