import { join } from 'node:path';
import { decodeHead, decodeTail, makeEngine, openEngine } from '../../lib/artifacts/decode';
import { readArtifact, readManifest } from '../../lib/artifacts/node';
import type { PublishedItem } from '../../lib/contracts/live-signals';
import type { ArtifactName, Manifest } from '../../lib/contracts/manifest';
import type { Engine, EngineParts, EngineTail } from '../../lib/engine/engine';
import { tinyArtifacts } from '../tiny-artifacts';

/** Re-exported for tests of lib/engine, which must not import lib/artifacts. */
export { makeEngine };

/** The tiny domain, decoded. */
export interface TinyParts {
  manifest: Manifest;
  head: EngineParts;
  tail: EngineTail;
  /** Creates an engine of the whole catalog. */
  whole(): Engine;
  /** Creates an engine of the head. */
  headOnly(): Engine;
}

/** Reads the files of the tiny domain, without a user tower: whether one is useful for so small a catalog is chance. */
export async function tinyFiles(): Promise<{ manifest: Manifest; files: Map<ArtifactName, Uint8Array> }> {
  const folder = join(await tinyArtifacts(), 'tiny');
  const { manifest } = await readManifest(folder);
  const files = new Map<ArtifactName, Uint8Array>();
  for (const entry of manifest.artifacts) files.set(entry.name, await readArtifact(folder, entry));
  files.delete('tower');
  return { manifest, files };
}

export async function tinyParts(): Promise<TinyParts> {
  const { manifest, files } = await tinyFiles();
  const head = decodeHead(manifest, 'v', files);
  return {
    manifest,
    head,
    tail: decodeTail(head, files)!,
    whole: () => makeEngine(manifest, 'v', files, () => 0),
    headOnly: () => openEngine(head, files, () => 0),
  };
}

/** @returns a new item that matches a taste of the tiny domain */
export function newItem(id: string, taste: 'Even' | 'Odd', changes: Partial<PublishedItem> = {}): PublishedItem {
  return {
    id,
    title: `Zephyr amber ${id}`,
    year: 1990,
    creators: [taste === 'Even' ? 'Ada Even 1' : 'Bob Odd 1'],
    tags: { genres: [taste, 'Third 1'] },
    external: { sku: `fresh-${id}` },
    publishedAt: 1_700_000_000,
    ...changes,
  };
}
