import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readArtifactIndex, readManifest } from '../../lib/artifacts/node';
import { type ArtifactName, FORMAT_VERSION, type Manifest } from '../../lib/contracts/manifest';
import { folderOf } from '../../testing/folder';
import { emitArtifacts } from './emit';

const manifestOf = (id: string): Manifest => ({
  magic: 'inkpick',
  formatVersion: FORMAT_VERSION,
  domain: { id, label: id, item: { one: 'i', many: 'i' }, verb: 'try', users: 'users', links: {} },
  counts: { items: 0, warmItems: 0, headItems: 0, users: 0, interactions: 0, terms: 0 },
  interests: [],
  positiveAbove: null,
  training: {
    latent: { dims: 8, epochs: 1, unobservedWeight: 0.1, regularization: 0.01 },
    neighbours: { neighbours: 5, regularization: 10, dropout: 0 },
  },
  towerMostLikes: 0,
  artifacts: [],
});
const filesOf = (content: string) =>
  new Map<ArtifactName, Uint8Array>([
    ['catalog', Buffer.from(`catalog ${content}`)],
    ['latent', Buffer.from('latent')],
  ]);

describe('emitArtifacts', () => {
  it('writes each file under its hash, and a manifest with its sizes', async () => {
    const root = await folderOf({});
    const manifest = await emitArtifacts(join(root, 'films'), manifestOf('films'), filesOf('one'));
    expect((await readManifest(join(root, 'films'))).manifest).toEqual(manifest);
    expect(manifest.artifacts.map(({ name }) => name)).toEqual(['catalog', 'latent']);
    for (const { name, file, bytes, rawBytes, sha256 } of manifest.artifacts) {
      const packed = await readFile(join(root, 'films', file));
      expect(createHash('sha256').update(packed).digest('hex')).toBe(sha256);
      expect(file).toBe(`${name}.${sha256.slice(0, 8)}.bin`);
      expect(packed).toHaveLength(bytes);
      const raw = gunzipSync(packed);
      expect(raw).toHaveLength(rawBytes);
      expect(raw).toEqual(filesOf('one').get(name));
    }
  });

  it('removes the files of the previous build, and nothing else', async () => {
    const root = await folderOf({});
    const out = join(root, 'films');
    const first = await emitArtifacts(out, manifestOf('films'), filesOf('one'));
    await writeFile(join(out, 'README.md'), 'mine');
    await writeFile(join(out, 'notes.bin'), 'mine');
    const second = await emitArtifacts(out, manifestOf('films'), filesOf('two'));
    const [before, after] = [first, second].map(({ artifacts }) => artifacts.map(({ file }) => file));
    expect(before[0]).not.toBe(after[0]);
    expect(before[1]).toBe(after[1]);
    expect((await readdir(out)).sort()).toEqual(['README.md', ...after, 'manifest.json', 'notes.bin'].sort());
  });

  it('lists the domain once, after the existing ones', async () => {
    const root = await folderOf({ 'index.json': '{"domains": ["zebras", "ants"]}' });
    await emitArtifacts(join(root, 'films'), manifestOf('films'), filesOf('one'));
    await emitArtifacts(join(root, 'ants'), manifestOf('ants'), filesOf('one'));
    await emitArtifacts(join(root, 'films'), manifestOf('films'), filesOf('two'));
    expect(await readArtifactIndex(root)).toEqual(['zebras', 'ants', 'films']);
  });

  it('does not overwrite a list of domains that it cannot read', async () => {
    const root = await folderOf({ 'index.json': '{"domains": [' });
    await expect(emitArtifacts(join(root, 'films'), manifestOf('films'), filesOf('one'))).rejects.toMatchObject({
      code: 'ARTIFACT_MALFORMED',
    });
    expect(await readFile(join(root, 'index.json'), 'utf8')).toBe('{"domains": [');
  });
});
