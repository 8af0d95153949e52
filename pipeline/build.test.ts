import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadEngineFromFolder, readArtifact, readManifest } from '../lib/artifacts/node';
import { MODES } from '../lib/contracts/engine';
import type { Engine } from '../lib/engine/engine';
import { GATE_INPUTS, GATE_OUTPUTS } from '../lib/engine/ranking/gate';
import { readMlp } from '../lib/format/onnx';
import { tinyArtifacts } from '../testing/tiny-artifacts';
import { buildTinyArtifacts, TINY, tinyConfig } from '../testing/tiny-domain';
import { verify } from './artifacts/verify';

let root: string;
let engine: Engine;
beforeAll(async () => {
  root = await tinyArtifacts();
  engine = await loadEngineFromFolder(join(root, 'tiny'));
});

const tasteOf = (id: string) => Number(id.slice(1)) % 2;

describe('build', () => {
  it('writes the same bytes again, with more threads', async () => {
    const again = await buildTinyArtifacts(2);
    const digest = async (folder: string) =>
      Promise.all(
        (await readdir(folder)).sort().map(
          async (file) =>
            `${file} ${createHash('sha256')
              .update(await readFile(join(folder, file)))
              .digest('hex')}`,
        ),
      );
    expect(await digest(join(again, 'tiny'))).toEqual(await digest(join(root, 'tiny')));
  });

  it('passes verification', async () => {
    expect((await verify(join(root, 'tiny'))).counts.items).toBe(TINY.items);
  });

  it('writes all required artifacts, and a user tower if the manifest uses one', async () => {
    const { manifest } = await readManifest(join(root, 'tiny'));
    const names = manifest.artifacts.map(({ name }) => name);
    const tower = manifest.towerMostLikes > 0 ? ['tower'] : [];
    expect(names).toEqual([
      'catalog',
      'content',
      'latent',
      'neighbours',
      'related',
      'gate',
      ...tower,
      'catalogtail',
      'contenttail',
      'itemtower',
      'hnsw',
    ]);
    expect(manifest.training.latent).toMatchObject(tinyConfig.training.latent);
  });

  it('writes a gate with the inputs and outputs of the engine, which the file names', async () => {
    const { manifest } = await readManifest(join(root, 'tiny'));
    const file = await readArtifact(join(root, 'tiny'), manifest.artifacts.find(({ name }) => name === 'gate')!);
    const { layers } = readMlp(file, 'gate');
    expect([layers[0].inputs, layers.at(-1)!.outputs]).toEqual([GATE_INPUTS.length, GATE_OUTPUTS.length]);
    const text = new TextDecoder().decode(file);
    for (const name of [...GATE_INPUTS, ...GATE_OUTPUTS]) expect(text).toContain(name);
  });

  it.each(['hybrid', 'content', 'collaborative'] as const)(
    'gives an engine that recommends within the taste of the history in %s mode',
    (mode) => {
      const response = engine.recommend({ mode, history: [{ id: 't4' }, { id: 't10' }, { id: 't16' }], topK: 10 });
      expect(response.items).toHaveLength(10);
      expect(response.items.filter(({ id }) => tasteOf(id) === 0).length).toBeGreaterThanOrEqual(7);
    },
  );

  it('gives an engine that avoids disliked tastes', () => {
    const likes = [{ id: 't4' }, { id: 't5' }];
    const share = (history: { id: string; value?: number }[]) =>
      engine.recommend({ mode: 'hybrid', history, topK: 10 }).items.filter(({ id }) => tasteOf(id) === 1).length;
    expect(share([...likes, { id: 't7', value: -1 }, { id: 't9', value: -1 }])).toBeLessThan(share(likes));
  });

  it.each(MODES)('gives an engine that excludes seen and hidden items and duplicates in %s mode', (mode) => {
    const history = Array.from({ length: 20 }, (_, n) => ({ id: `t${n}` }));
    const { items } = engine.recommend({ mode, history, hidden: ['t21', 'sku023'], topK: 100, diversity: 0.5 });
    const ids = items.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(TINY.items - 22);
    expect(ids).not.toContain('t3');
    expect(ids).not.toContain('t21');
    expect(ids).not.toContain('t23');
  });

  it('gives an engine that recommends popular items for an empty history', () => {
    const { items } = engine.recommend({ mode: 'hybrid', history: [], topK: 5 });
    expect(items.map(({ id }) => id)).toEqual(engine.popular(5).map(({ id }) => id));
    expect(items[0].reasons).toEqual([{ kind: 'popular', count: items[0].popularity }]);
  });

  it('gives an engine that divides the personal score among the history', () => {
    const { items } = engine.recommend({ mode: 'collaborative', history: [{ id: 't4' }, { id: 't10' }], topK: 3 });
    for (const item of items) {
      const causes = item.reasons.filter((reason) => reason.kind === 'history');
      expect(causes.length).toBeGreaterThan(0);
      for (const cause of causes) expect(['t4', 't10']).toContain(cause.id);
      expect(item.terms.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(item.score, 6);
    }
  });

  it('gives an engine that ranks only the given candidates', () => {
    const { items, unknown } = engine.recommend({
      mode: 'hybrid',
      history: [{ id: 't4' }],
      candidates: ['t6', 't7', 'gone'],
      topK: 20,
    });
    expect(items.map(({ id }) => id)).toEqual(['t6', 't7']);
    expect(unknown).toEqual(['gone']);
  });

  it('gives an engine that follows stated interests until likes outweigh them', () => {
    const interest = engine.info.interests.find(({ label }) => label === 'Odd')!;
    const recommend = (history: { id: string }[]) =>
      engine
        .recommend({ mode: 'hybrid', history, interests: [interest.id], topK: 10 })
        .items.map(({ id }) => tasteOf(id));
    const odd = (tastes: number[]) => tastes.filter((taste) => taste === 1).length;
    const stated = recommend([]);
    const outweighed = recommend([0, 2, 4, 6, 8, 10, 12, 14].map((n) => ({ id: `t${n}` })));
    expect(odd(stated)).toBeGreaterThanOrEqual(7);
    expect(odd(outweighed)).toBeLessThan(odd(stated));
    expect(outweighed[0]).toBe(0);
  });

  it('gives an engine that falls back on popularity in content mode without any known term', () => {
    const { items } = engine.recommend({ mode: 'content', history: [{ id: 'not there' }], topK: 5 });
    expect(items).toHaveLength(5);
  });

  it('gives an engine that finds items by own and external ids', () => {
    expect(engine.items(['sku007', 't7', 'sku:sku007', 'no']).map(({ id }) => id)).toEqual(['t7', 't7', 't7']);
    expect(engine.items(['t7'])[0].links).toEqual({ shop: 'https://shop.example/sku007' });
  });
});
