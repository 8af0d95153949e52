import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { replaceArtifact } from '../../testing/artifacts/put-artifact';
import { userTower } from '../../testing/engine/columns';
import { tinyArtifacts } from '../../testing/tiny-artifacts';
import { TINY } from '../../testing/tiny-domain';
import type { RecommendRequest } from '../contracts/engine';
import type { ArtifactName, Manifest } from '../contracts/manifest';
import { GATE_INPUTS, GATE_OUTPUTS } from '../engine/ranking/gate';
import { towerInputs } from '../engine/recommenders/user-tower';
import { readItemTower, writeItemTower } from '../format/item-tower';
import { readLatent, writeLatent } from '../format/latent';
import { writeMlp } from '../format/onnx';
import { makeEngine } from './decode';
import { loadEngineFromFolder, readArtifact, readArtifactIndex, readManifest } from './node';

let source: string;
let folder: string;
let manifest: Manifest;
beforeAll(async () => {
  source = await tinyArtifacts();
  ({ manifest } = await readManifest(join(source, 'tiny')));
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inkpick-node-'));
  await cp(join(source, 'tiny'), folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

const pathOf = (name: ArtifactName) => join(folder, manifest.artifacts.find((entry) => entry.name === name)!.file);
const edit = (change: (manifest: Manifest) => void) => {
  const next = structuredClone(manifest);
  change(next);
  return writeFile(join(folder, 'manifest.json'), JSON.stringify(next));
};

describe('loadEngineFromFolder', () => {
  it('creates an engine whose version is the hash of the manifest', async () => {
    const engine = await loadEngineFromFolder(folder);
    expect(engine.info).toMatchObject({ id: 'tiny', label: 'Tiny', itemCount: TINY.items, verb: 'try' });
    const text = await readFile(join(folder, 'manifest.json'));
    expect(engine.info.version).toBe(createHash('sha256').update(text).digest('hex').slice(0, 16));
    expect(engine.recommend({ mode: 'hybrid', history: [{ id: 't4' }], topK: 3 })).toMatchObject({
      domain: 'tiny',
      stats: { index: 'exact' },
    });
  });

  it('attaches the user tower where the domain has one', async () => {
    const { dims } = manifest.training.latent;
    const withTower = await replaceArtifact(folder, 'tower', writeMlp(userTower(dims), { name: 'tower' }));
    await writeFile(join(folder, 'manifest.json'), JSON.stringify({ ...withTower, towerMostLikes: 3 }));
    const request: RecommendRequest = { mode: 'hybrid', history: [{ id: 't4' }], topK: 3 };
    expect((await loadEngineFromFolder(folder)).session(request).towerInput()).toHaveLength(towerInputs(dims));
  });

  it('rejects a user tower that does not fit the factors', async () => {
    const { dims } = manifest.training.latent;
    await replaceArtifact(folder, 'tower', writeMlp(userTower(dims + 1), { name: 'tower' }));
    await expect(loadEngineFromFolder(folder)).rejects.toMatchObject({
      code: 'ARTIFACT_MALFORMED',
      message: expect.stringMatching(`^tiny/tower is inconsistent: .* does not fit factors of ${dims}$`),
    });
  });

  it('does not need the HNSW graph', async () => {
    await rm(pathOf('hnsw'));
    expect((await loadEngineFromFolder(folder)).info.itemCount).toBe(TINY.items);
  });

  const faults: [string, () => Promise<unknown>, string, RegExp][] = [
    ['a missing file', () => rm(pathOf('latent')), 'ARTIFACT_MISSING', /latent\.\w+\.bin is missing$/],
    ['an empty file', () => truncate(pathOf('latent')), 'ARTIFACT_EMPTY', /latent\.\w+\.bin is empty/],
    [
      'a file cut short',
      () => truncate(pathOf('latent'), 100),
      'ARTIFACT_TRUNCATED',
      /latent\.\w+\.bin is cut short: 100 of \d+ bytes/,
    ],
    [
      'an altered file',
      async () =>
        writeFile(
          pathOf('latent'),
          (await readFile(pathOf('latent'))).map((byte) => byte ^ 1),
        ),
      'ARTIFACT_ALTERED',
      /SHA-256 differs/,
    ],
    [
      'a longer file',
      async () => writeFile(pathOf('latent'), 'x', { flag: 'a' }),
      'ARTIFACT_ALTERED',
      /SHA-256 differs/,
    ],
    ['a missing manifest', () => rm(join(folder, 'manifest.json')), 'ARTIFACT_MISSING', /manifest\.json is missing$/],
    ['an empty manifest', () => truncate(join(folder, 'manifest.json')), 'ARTIFACT_EMPTY', /manifest\.json is empty$/],
    [
      'half a manifest',
      () => truncate(join(folder, 'manifest.json'), 200),
      'ARTIFACT_TRUNCATED',
      /manifest\.json is not whole JSON/,
    ],
    [
      'a manifest from the future',
      () =>
        edit((next) => {
          next.formatVersion = 7;
        }),
      'ARTIFACT_FUTURE',
      /has format version 7/,
    ],
    [
      'a foreign manifest',
      () => writeFile(join(folder, 'manifest.json'), '[]'),
      'ARTIFACT_FOREIGN',
      /not an Inkpick manifest/,
    ],
    [
      'a manifest without an artifact',
      () =>
        edit((next) => {
          next.artifacts = next.artifacts.filter(({ name }) => name !== 'contenttail');
        }),
      'ARTIFACT_MISSING',
      /tiny\/contenttail is missing from the manifest/,
    ],
    [
      'a wrong number of items',
      () =>
        edit((next) => {
          next.counts.items++;
        }),
      'ARTIFACT_MALFORMED',
      /do not belong together/,
    ],
    [
      'a wrong number of items with factors',
      () =>
        edit((next) => {
          next.counts.warmItems--;
        }),
      'ARTIFACT_MALFORMED',
      /do not belong together/,
    ],
    [
      'an interest in an unknown item',
      () =>
        edit((next) => {
          next.interests[0].items = [TINY.items];
        }),
      'ARTIFACT_MALFORMED',
      /an interest names an unknown term or item/,
    ],
  ];
  it.each(faults)('rejects %s', async (_, damage, code, message) => {
    await damage();
    await expect(loadEngineFromFolder(folder)).rejects.toMatchObject({
      name: 'InkpickError',
      code,
      message: expect.stringMatching(message),
    });
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['is not gzip', new Uint8Array(40), /is not gzip$/],
    ['has another size', gzipSync('INKP'), /inflates to 4 bytes, not to the \d+ of its manifest$/],
  ])('rejects a file that %s, although its hash is right', async (_, body, message) => {
    await writeFile(pathOf('latent'), body);
    const entry = {
      ...manifest.artifacts.find(({ name }) => name === 'latent')!,
      bytes: body.length,
      sha256: createHash('sha256').update(body).digest('hex'),
    };
    await expect(readArtifact(folder, entry)).rejects.toMatchObject({
      code: 'ARTIFACT_MALFORMED',
      message: expect.stringMatching(message),
    });
  });
});

describe('makeEngine', () => {
  const read = async () => {
    const files = new Map<ArtifactName, Uint8Array>();
    for (const entry of manifest.artifacts) files.set(entry.name, await readArtifact(folder, entry));
    return files;
  };

  it('needs every artifact except the graph and the tower', async () => {
    for (const name of [
      'catalog',
      'content',
      'latent',
      'neighbours',
      'gate',
      'catalogtail',
      'contenttail',
      'itemtower',
    ] as const) {
      const files = await read();
      files.delete(name);
      expect(() => makeEngine(manifest, 'v', files, () => 0)).toThrow(
        expect.objectContaining({ code: 'ARTIFACT_MISSING', message: `tiny/${name} is missing from the manifest` }),
      );
    }
  });

  it('rejects artifacts of another build', async () => {
    const files = await read();
    const latent = readLatent(files.get('latent')!);
    const rows = latent.itemCount - 1;
    files.set(
      'latent',
      writeLatent({
        ...latent,
        quantised: latent.quantised.slice(0, rows * latent.dims),
        scales: latent.scales.slice(0, rows),
      }),
    );
    expect(() => makeEngine(manifest, 'v', files, () => 0)).toThrow('the artifacts of tiny do not belong together');
  });

  it('rejects an item tower with other terms, and a gate of another shape', async () => {
    const files = await read();
    const latent = readLatent(files.get('latent')!);
    const itemTower = readItemTower(files.get('itemtower')!);
    for (const change of [
      { termCount: itemTower.termCount + 1 },
      {
        dims: 2 * latent.dims,
        terms: itemTower.terms.slice(0, 0),
        quantised: new Int8Array(),
        scales: new Float32Array(),
      },
    ]) {
      files.set('itemtower', writeItemTower({ ...itemTower, ...change }));
      expect(() => makeEngine(manifest, 'v', files, () => 0)).toThrow('the artifacts of tiny do not belong together');
    }
    files.set('itemtower', writeItemTower(itemTower));
    files.set('gate', writeMlp(userTower(latent.dims), { name: 'gate' }));
    expect(() => makeEngine(manifest, 'v', files, () => 0)).toThrow(
      expect.objectContaining({
        code: 'ARTIFACT_MALFORMED',
        message: `tiny/gate takes ${towerInputs(latent.dims)} numbers and returns ${latent.dims}, not ${GATE_INPUTS.length} and ${GATE_OUTPUTS.length}`,
      }),
    );
  });
});

describe('readArtifactIndex', () => {
  it('returns the domains in the order of the page', async () => {
    expect(await readArtifactIndex(source)).toEqual(['tiny']);
    await writeFile(join(folder, 'index.json'), '{"domains": ["b", "a"]}');
    expect(await readArtifactIndex(folder)).toEqual(['b', 'a']);
  });

  it('reports what is wrong', async () => {
    await expect(readArtifactIndex(folder)).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
    for (const text of ['', '{', '["cinema"]', 'null']) {
      await writeFile(join(folder, 'index.json'), text);
      await expect(readArtifactIndex(folder), text).rejects.toMatchObject({
        code: 'ARTIFACT_MALFORMED',
        message: `${join(folder, 'index.json')} must be JSON like {"domains": ["cinema"]}`,
      });
    }
  });
});
