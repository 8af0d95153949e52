import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readArtifact, readManifest } from '../lib/artifacts/node';
import { ARTIFACT_NAMES, type ArtifactName, type Manifest } from '../lib/contracts/manifest';
import { ContainerWriter } from '../lib/format/container';
import { readHnsw, writeHnsw } from '../lib/format/hnsw';
import { buildTinyArtifacts } from './testing/tiny-domain';
import { verify } from './verify';

let source: string;
let manifest: Manifest;
let folder: string;
beforeAll(async () => {
  source = join(await buildTinyArtifacts(), 'tiny');
  ({ manifest } = await readManifest(source));
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inkpick-verify-'));
  await cp(source, folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

const entryOf = (name: ArtifactName) => manifest.artifacts.find((entry) => entry.name === name)!;
const pathOf = (name: ArtifactName) => join(folder, entryOf(name).file);

/** Puts another artifact in the place of one, with a manifest that vouches for it. */
async function replace(name: ArtifactName, raw: Uint8Array): Promise<void> {
  const packed = gzipSync(raw);
  const next = structuredClone(manifest);
  const entry = next.artifacts.find((candidate) => candidate.name === name)!;
  Object.assign(entry, {
    bytes: packed.length,
    rawBytes: raw.length,
    sha256: createHash('sha256').update(packed).digest('hex'),
  });
  await writeFile(pathOf(name), packed);
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(next));
}

describe('verify', () => {
  it('passes what the pipeline has built', async () => {
    expect(await verify(folder)).toEqual(manifest);
  });

  describe.each(ARTIFACT_NAMES)('finds out about %s', (name) => {
    it.each<[string, (path: string) => Promise<unknown>, string]>([
      ['missing', (path) => rm(path), 'ARTIFACT_MISSING'],
      ['empty', (path) => truncate(path), 'ARTIFACT_EMPTY'],
      ['cut short', (path) => truncate(path, 50), 'ARTIFACT_TRUNCATED'],
      [
        'altered',
        async (path) =>
          writeFile(
            path,
            (await readFile(path)).map((byte, i) => (i === 30 ? byte ^ 1 : byte)),
          ),
        'ARTIFACT_ALTERED',
      ],
    ])('%s', async (_, harm, code) => {
      await harm(pathOf(name));
      await expect(verify(folder)).rejects.toMatchObject({
        code,
        message: expect.stringContaining(entryOf(name).file),
      });
    });

    it('being something else', async () => {
      const other = name === 'search' ? 'latent' : 'search';
      await replace(name, await readArtifact(folder, entryOf(other)));
      await expect(verify(folder)).rejects.toMatchObject({
        code: 'ARTIFACT_FOREIGN',
        message: `tiny/${name} holds ${other}, where ${name} was expected`,
      });
    });

    it('being hollow', async () => {
      await replace(name, new ContainerWriter(name).finish());
      await expect(verify(folder)).rejects.toMatchObject({
        code: 'ARTIFACT_MALFORMED',
        message: expect.stringMatching(`^tiny/${name} is inconsistent: section ".*" is missing$`),
      });
    });
  });

  it('finds out about a graph of other vectors', async () => {
    const graph = readHnsw(await readArtifact(folder, entryOf('hnsw')));
    await replace('hnsw', writeHnsw({ ...graph, dims: graph.dims + 1 }));
    await expect(verify(folder)).rejects.toMatchObject({ code: 'ARTIFACT_MALFORMED' });
  });
});
