import { join } from 'node:path';
import { decodeHead, decodeTail } from '../lib/artifacts/decode';
import { readArtifact, readManifest } from '../lib/artifacts/node';
import type { ArtifactName } from '../lib/contracts/manifest';
import type { EngineParts } from '../lib/engine/engine';
import { joinCatalogs } from '../lib/format/catalog';
import { joinContent } from '../lib/format/content';
import type { NeighbourColumns } from '../lib/format/neighbours';
import { mulberry32 } from '../lib/math/random';
import { type SparseRows, toSparseRows } from '../lib/math/sparse';

/** Maximum number of item–item weights in a build. */
const MAX_WEIGHTS = 1_400_000;

/** Reads all parts of a domain and joins its tail to its head. */
export async function readWhole(artifacts: string, domain: string): Promise<EngineParts> {
  const folder = join(artifacts, domain);
  const { manifest, version } = await readManifest(folder);
  const files = new Map<ArtifactName, Uint8Array>();
  for (const entry of manifest.artifacts) files.set(entry.name, await readArtifact(folder, entry));
  const head = decodeHead(manifest, version, files);
  const tail = decodeTail(head, files);
  if (!tail) return head;
  return {
    ...head,
    catalog: joinCatalogs(head.catalog, tail.catalog),
    content: joinContent(head.content, tail.content),
    itemTower: tail.itemTower,
  };
}

/**
 * Samples a catalog of any size from a real one, evenly and in order of popularity. Copies of an item have their own
 * ids and titles, factors that differ by some quantisation steps, and a part of the item's neighbours.
 */
export function sampleCatalog(whole: EngineParts, size: number): EngineParts {
  const { manifest, catalog, content, latent, neighbours, related } = whole;
  const random = mulberry32(size);
  const real = catalog.ids.length;
  const sources = Uint32Array.from({ length: size }, (_, row) => Math.floor((row / size) * real));
  /** First sampled row, by real row. */
  const firstOf = new Uint32Array(real + 1).fill(size);
  for (let row = size - 1; row >= 0; row--) firstOf[sources[row]] = row;
  for (let source = real - 1; source >= 0; source--)
    if (firstOf[source] === size && source < real) firstOf[source] = firstOf[source + 1];
  const copyOf = (row: number) => row - firstOf[sources[row]];
  const warm = firstOf[manifest.counts.warmItems];

  const rowsOf = ({ offsets, columns }: SparseRows): SparseRows =>
    toSparseRows(Array.from(sources, (source) => Array.from(columns.subarray(offsets[source], offsets[source + 1]))));
  const rows = rowsOf(content.rows);
  const documentFrequency = new Uint32Array(content.terms.length);
  for (const term of rows.columns) documentFrequency[term]++;
  const frequencies = new Uint8Array(rows.columns.length);
  sources.forEach((source, row) => {
    const { offsets } = content.rows;
    frequencies.set(content.frequencies.subarray(offsets[source], offsets[source + 1]), rows.offsets[row]);
  });

  const { dims } = latent;
  const quantised = new Int8Array(warm * dims);
  for (let row = 0; row < warm; row++) {
    const from = sources[row] * dims;
    for (let d = 0; d < dims; d++) {
      const step = copyOf(row) > 0 && random() < 0.3 ? (random() < 0.5 ? 1 : -1) : 0;
      quantised[row * dims + d] = Math.max(-127, Math.min(127, latent.quantised[from + d] + step));
    }
  }

  /** A part of an item–item model: each pair of real items becomes a pair of their copies. */
  const sampleModel = (model: NeighbourColumns): NeighbourColumns => {
    const { offsets, columns } = model.rows;
    const keep = Math.min(1, (MAX_WEIGHTS / Math.max(1, columns.length)) * (real / size));
    const weights: number[] = [];
    const lists = Array.from({ length: warm }, (_, row) => {
      const list: { to: number; weight: number }[] = [];
      for (let i = offsets[sources[row]]; i < offsets[sources[row] + 1]; i++) {
        const target = columns[i];
        const copies = firstOf[target + 1] - firstOf[target];
        if (copies === 0 || random() >= keep) continue;
        const to = firstOf[target] + (copyOf(row) % copies);
        if (to !== row && to < warm) list.push({ to, weight: model.weights[i] });
      }
      list.sort((a, b) => a.to - b.to);
      for (const { weight } of list) weights.push(weight);
      return list.map(({ to }) => to);
    });
    return {
      rows: toSparseRows(lists),
      weights: Int8Array.from(weights),
      scales: Float32Array.from(sources.subarray(0, warm), (source) => model.scales[source]),
    };
  };

  return {
    ...whole,
    tower: undefined,
    manifest: {
      ...manifest,
      towerMostLikes: 0,
      interests: [],
      counts: { ...manifest.counts, items: size, warmItems: warm, headItems: warm },
    },
    catalog: {
      ...catalog,
      ids: Array.from(sources, (source, row) => `${catalog.ids[source]}${copyOf(row) > 0 ? `.${copyOf(row)}` : ''}`),
      titles: Array.from(sources, (source, row) =>
        copyOf(row) > 0 ? `${catalog.titles[source]} ${copyOf(row) + 1}` : catalog.titles[source],
      ),
      aka: new Map(),
      years: Int16Array.from(sources, (source) => catalog.years[source]),
      creators: rowsOf(catalog.creators),
      tags: rowsOf(catalog.tags),
      popularity: Uint32Array.from(sources, (source) => catalog.popularity[source]),
      external: new Map(),
    },
    content: { ...content, rows, documentFrequency, frequencies },
    latent: {
      ...latent,
      itemCount: warm,
      quantised,
      scales: Float32Array.from(sources.subarray(0, warm), (source) => latent.scales[source]),
    },
    neighbours: sampleModel(neighbours),
    related: sampleModel(related),
  };
}
