import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readArtifact, readManifest } from '../../lib/artifacts/node';
import { ARTIFACT_NAMES, type ArtifactName, type Manifest } from '../../lib/contracts/manifest';
import { ARTIFACT_TYPES, type ArtifactType, ContainerWriter } from '../../lib/format/container';
import { readHnsw, writeHnsw } from '../../lib/format/hnsw';
import { writeNeighbours } from '../../lib/format/neighbours';
import { readMlp, writeMlp } from '../../lib/format/onnx';
import type { DenseLayer } from '../../lib/math/mlp';
import { toSparseRows } from '../../lib/math/sparse';
import { replaceArtifact } from '../../testing/artifacts/put-artifact';
import { userTower } from '../../testing/engine/columns';
import { tinyArtifacts } from '../../testing/tiny-artifacts';
import { verify } from './verify';

let source: string;
let manifest: Manifest;
let folder: string;
beforeAll(async () => {
  source = join(await tinyArtifacts(), 'tiny');
  const { training } = (await readManifest(source)).manifest;
  // Whether such a small catalog gets a user tower is chance, so one is added.
  manifest = await replaceArtifact(source, 'tower', writeMlp(userTower(training.latent.dims), { name: 'tower' }));
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inkpick-verify-'));
  await cp(source, folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

const entryOf = (name: ArtifactName) => manifest.artifacts.find((entry) => entry.name === name)!;
const pathOf = (name: ArtifactName) => join(folder, entryOf(name).file);
const isNetwork = (name: ArtifactName) => name === 'gate' || name === 'tower';

describe('verify', () => {
  it('accepts the output of the pipeline', async () => {
    expect(await verify(folder)).toEqual(manifest);
  });

  describe.each(ARTIFACT_NAMES)('rejects %s', (name) => {
    it.each<[string, (path: string) => Promise<unknown>, string]>([
      ['missing', (path) => rm(path), 'ARTIFACT_MISSING'],
      ['empty', (path) => truncate(path), 'ARTIFACT_EMPTY'],
      ['truncated', (path) => truncate(path, 50), 'ARTIFACT_TRUNCATED'],
      [
        'altered',
        async (path) =>
          writeFile(
            path,
            (await readFile(path)).map((byte, i) => (i === 30 ? byte ^ 1 : byte)),
          ),
        'ARTIFACT_ALTERED',
      ],
    ])('that is %s', async (_, damage, code) => {
      await damage(pathOf(name));
      await expect(verify(folder)).rejects.toMatchObject({
        code,
        message: expect.stringContaining(entryOf(name).file),
      });
    });

    it('that is of another type', async () => {
      // Related items have the format of neighbours.
      const type = name === 'related' ? 'neighbours' : name.replace('tail', '');
      const other = type === 'neighbours' ? 'latent' : 'neighbours';
      await replaceArtifact(folder, name, await readArtifact(folder, entryOf(other)));
      await expect(verify(folder)).rejects.toMatchObject({
        code: 'ARTIFACT_FOREIGN',
        message: expect.stringMatching(
          isNetwork(name)
            ? `^tiny/${name} is not an ONNX model`
            : `^tiny/${name} holds ${other}, where ${type} was expected$`,
        ),
      });
    });
  });

  it.each(ARTIFACT_NAMES.filter((name) => name in ARTIFACT_TYPES) as (ArtifactName & ArtifactType)[])(
    'rejects an empty container as %s',
    async (name) => {
      await replaceArtifact(folder, name, new ContainerWriter(name).finish());
      await expect(verify(folder)).rejects.toMatchObject({
        code: 'ARTIFACT_MALFORMED',
        message: expect.stringMatching(`^tiny/${name} is inconsistent: section ".*" is missing$`),
      });
    },
  );

  it.each(['gate', 'tower'] as const)('rejects a %s of another shape', async (name) => {
    const { layers } = readMlp(await readArtifact(folder, entryOf(name)), name);
    const { outputs } = layers[0];
    const other: DenseLayer = { ...layers[0], inputs: 1, weights: new Float32Array(outputs) };
    await replaceArtifact(folder, name, writeMlp({ layers: [other, ...layers.slice(1)] }, { name }));
    await expect(verify(folder)).rejects.toMatchObject({
      code: 'ARTIFACT_MALFORMED',
      message: expect.stringMatching(`^tiny/${name} .*1 `),
    });
  });

  it('rejects item–item weights of other items', async () => {
    const none = { rows: toSparseRows([[]]), weights: new Int8Array(), scales: new Float32Array(1) };
    await replaceArtifact(folder, 'neighbours', writeNeighbours(none));
    await expect(verify(folder)).rejects.toMatchObject({
      code: 'ARTIFACT_MALFORMED',
      message: 'the artifacts of tiny do not belong together: they differ in their number of items',
    });
  });

  it('rejects a graph of other vectors', async () => {
    const graph = readHnsw(await readArtifact(folder, entryOf('hnsw')));
    await replaceArtifact(folder, 'hnsw', writeHnsw({ ...graph, dims: graph.dims + 1 }));
    await expect(verify(folder)).rejects.toMatchObject({ code: 'ARTIFACT_MALFORMED' });
  });
});
