import { InkpickError } from '../contracts/errors';
import { type ArtifactName, type Manifest, manifestSchema } from '../contracts/manifest';
import { Engine, type EngineParts, type EngineTail } from '../engine/engine';
import { GATE_INPUTS, GATE_OUTPUTS } from '../engine/ranking/gate';
import { readCatalog } from '../format/catalog';
import { checkFormatVersion } from '../format/container';
import { readContent } from '../format/content';
import { readItemTower } from '../format/item-tower';
import { readLatent } from '../format/latent';
import { readNeighbours } from '../format/neighbours';
import { readMlp } from '../format/onnx';

/** A manifest from its text; each fault has its own code and message. */
export function parseManifest(text: string, label: string): Manifest {
  if (text.trim() === '') throw new InkpickError('ARTIFACT_EMPTY', `${label} is empty`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new InkpickError('ARTIFACT_TRUNCATED', `${label} is not whole JSON: it is cut short or altered`, { cause });
  }
  const head = json as { magic?: unknown; formatVersion?: unknown } | null;
  if (head?.magic !== 'inkpick') throw new InkpickError('ARTIFACT_FOREIGN', `${label} is not an Inkpick manifest`);
  if (typeof head.formatVersion === 'number') checkFormatVersion(head.formatVersion, label);
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InkpickError('ARTIFACT_MALFORMED', `${label} is inconsistent: ${issue.path.join('.')}: ${issue.message}`);
  }
  return parsed.data;
}

type Files = ReadonlyMap<ArtifactName, Uint8Array>;

const labelOf = ({ domain }: Manifest, name: ArtifactName): string => `${domain.id}/${name}`;

function fileOf(manifest: Manifest, files: Files, name: ArtifactName): Uint8Array {
  const bytes = files.get(name);
  if (!bytes) throw new InkpickError('ARTIFACT_MISSING', `${labelOf(manifest, name)} is missing from the manifest`);
  return bytes;
}

const unlike = ({ domain }: Manifest, what: string) =>
  new InkpickError(
    'ARTIFACT_MALFORMED',
    `the artifacts of ${domain.id} do not belong together: they differ in their number of ${what}`,
  );

/**
 * What an engine is made from, out of the inflated head artifacts: all but the items that nobody chose.
 *
 * @param version hash of the manifest
 */
export function decodeHead(manifest: Manifest, version: string, files: Files): EngineParts {
  const file = (name: ArtifactName) => fileOf(manifest, files, name);
  const label = (name: ArtifactName) => labelOf(manifest, name);
  const catalog = readCatalog(file('catalog'), label('catalog'));
  const content = readContent(file('content'), catalog, label('content'));
  const latent = readLatent(file('latent'), label('latent'));
  const neighbours = readNeighbours(file('neighbours'), label('neighbours'));
  const gate = readMlp(file('gate'), label('gate'));
  const { counts, domain, interests } = manifest;
  const together =
    catalog.ids.length === counts.headItems &&
    counts.headItems === (counts.warmItems > 0 ? counts.warmItems : counts.items) &&
    latent.itemCount === counts.warmItems &&
    neighbours.scales.length === counts.warmItems;
  if (!together) throw unlike(manifest, 'items');
  const known = interests.every(
    ({ terms, items }) => terms.every((term) => term < counts.terms) && items.every((row) => row < counts.items),
  );
  if (!known)
    throw new InkpickError(
      'ARTIFACT_MALFORMED',
      `the manifest of ${domain.id} is inconsistent: an interest names what is not there`,
    );
  const [inputs, outputs] = [gate.layers[0].inputs, gate.layers[gate.layers.length - 1].outputs];
  if (inputs !== GATE_INPUTS.length || outputs !== GATE_OUTPUTS.length)
    throw new InkpickError(
      'ARTIFACT_MALFORMED',
      `${label('gate')} takes ${inputs} numbers and gives ${outputs}, not ${GATE_INPUTS.length} and ${GATE_OUTPUTS.length}`,
    );
  if (counts.headItems === counts.items && content.terms.length !== counts.terms) throw unlike(manifest, 'terms');
  return { manifest, version, catalog, content, latent, neighbours, gate };
}

/** The rest of the catalog, out of the inflated tail artifacts; undefined where the head is all there is. */
export function decodeTail(head: EngineParts, files: Files): EngineTail | undefined {
  const { manifest } = head;
  const { items, headItems, terms } = manifest.counts;
  if (headItems === items) return undefined;
  const file = (name: ArtifactName) => fileOf(manifest, files, name);
  const catalog = readCatalog(file('catalogtail'), labelOf(manifest, 'catalogtail'), head.catalog);
  if (headItems + catalog.ids.length !== items) throw unlike(manifest, 'items');
  const content = readContent(file('contenttail'), catalog, labelOf(manifest, 'contenttail'), head);
  const itemTower = readItemTower(file('itemtower'), labelOf(manifest, 'itemtower'));
  if (head.content.terms.length + content.terms.length !== terms || itemTower.termCount !== terms)
    throw unlike(manifest, 'terms');
  if (itemTower.dims !== head.latent.dims) throw unlike(manifest, 'dimensions');
  return { catalog, content, itemTower };
}

/**
 * The engine of a domain from its inflated artifacts. Its tail may be attached later, where `files` has none.
 *
 * @param head from {@link decodeHead} of the same files; @param now a clock in milliseconds
 */
export function openEngine(head: EngineParts, files: Files, now: () => number): Engine {
  const engine = new Engine(head, now);
  const tower = files.get('tower');
  if (tower) openTower(engine, tower);
  return engine;
}

/** The engine of a domain from all its inflated artifacts; the HNSW graph may be left out. */
export function makeEngine(manifest: Manifest, version: string, files: Files, now: () => number): Engine {
  const head = decodeHead(manifest, version, files);
  return openEngine({ ...head, tail: decodeTail(head, files) }, files, now);
}

/** Only domains where it finds better items than the fold-in have one. */
function openTower(engine: Engine, file: Uint8Array): void {
  const label = `${engine.info.id}/tower`;
  const tower = readMlp(file, label);
  try {
    engine.attachTower(tower);
  } catch (cause) {
    throw new InkpickError('ARTIFACT_MALFORMED', `${label} is inconsistent: ${(cause as Error).message}`, { cause });
  }
}
