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

/**
 * Parses and validates a manifest.
 *
 * @param label names the file in errors
 * @throws `ARTIFACT_EMPTY`, `_TRUNCATED`, `_FOREIGN`, `_FUTURE` or `_MALFORMED`
 */
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

const mismatch = ({ domain }: Manifest, what: string) =>
  new InkpickError(
    'ARTIFACT_MALFORMED',
    `the artifacts of ${domain.id} do not belong together: they differ in their number of ${what}`,
  );

/**
 * Decodes the head artifacts: everything except the items without interactions.
 *
 * @param version hash of the manifest
 * @param files inflated
 * @throws `ARTIFACT_MISSING`, `ARTIFACT_MALFORMED` or another code of the codecs
 */
export function decodeHead(manifest: Manifest, version: string, files: Files): EngineParts {
  const file = (name: ArtifactName) => fileOf(manifest, files, name);
  const label = (name: ArtifactName) => labelOf(manifest, name);
  const catalog = readCatalog(file('catalog'), label('catalog'));
  const content = readContent(file('content'), catalog, label('content'));
  const latent = readLatent(file('latent'), label('latent'));
  const neighbours = readNeighbours(file('neighbours'), label('neighbours'));
  const related = readNeighbours(file('related'), label('related'));
  const gate = readMlp(file('gate'), label('gate'));
  const { counts, domain, interests } = manifest;
  const isConsistent =
    catalog.ids.length === counts.headItems &&
    counts.headItems === (counts.warmItems > 0 ? counts.warmItems : counts.items) &&
    latent.itemCount === counts.warmItems &&
    neighbours.scales.length === counts.warmItems &&
    related.scales.length === counts.warmItems;
  if (!isConsistent) throw mismatch(manifest, 'items');
  const areInterestsKnown = interests.every(
    ({ terms, items }) => terms.every((term) => term < counts.terms) && items.every((row) => row < counts.items),
  );
  if (!areInterestsKnown)
    throw new InkpickError(
      'ARTIFACT_MALFORMED',
      `the manifest of ${domain.id} is inconsistent: an interest names an unknown term or item`,
    );
  const [inputs, outputs] = [gate.layers[0].inputs, gate.layers[gate.layers.length - 1].outputs];
  if (inputs !== GATE_INPUTS.length || outputs !== GATE_OUTPUTS.length)
    throw new InkpickError(
      'ARTIFACT_MALFORMED',
      `${label('gate')} takes ${inputs} numbers and returns ${outputs}, not ${GATE_INPUTS.length} and ${GATE_OUTPUTS.length}`,
    );
  if (counts.headItems === counts.items && content.terms.length !== counts.terms) throw mismatch(manifest, 'terms');
  return { manifest, version, catalog, content, latent, neighbours, related, gate };
}

/**
 * Decodes the tail artifacts, the items without interactions; undefined where the head is the whole catalog.
 *
 * @throws as {@link decodeHead} does
 */
export function decodeTail(head: EngineParts, files: Files): EngineTail | undefined {
  const { manifest } = head;
  const { items, headItems, terms } = manifest.counts;
  if (headItems === items) return undefined;
  const file = (name: ArtifactName) => fileOf(manifest, files, name);
  const catalog = readCatalog(file('catalogtail'), labelOf(manifest, 'catalogtail'), head.catalog);
  if (headItems + catalog.ids.length !== items) throw mismatch(manifest, 'items');
  const content = readContent(file('contenttail'), catalog, labelOf(manifest, 'contenttail'), head);
  const itemTower = readItemTower(file('itemtower'), labelOf(manifest, 'itemtower'));
  if (head.content.terms.length + content.terms.length !== terms || itemTower.termCount !== terms)
    throw mismatch(manifest, 'terms');
  if (itemTower.dims !== head.latent.dims) throw mismatch(manifest, 'dimensions');
  return { catalog, content, itemTower };
}

/**
 * Creates the engine of a domain, with its user tower. The tail may be attached later.
 *
 * @param head from {@link decodeHead} of the same files
 * @param now a clock in milliseconds
 */
export function openEngine(head: EngineParts, files: Files, now: () => number): Engine {
  const engine = new Engine(head, now);
  const tower = files.get('tower');
  if (tower) openTower(engine, tower);
  return engine;
}

/** Creates the engine of a domain from all its inflated artifacts, except the HNSW graph. */
export function makeEngine(manifest: Manifest, version: string, files: Files, now: () => number): Engine {
  const head = decodeHead(manifest, version, files);
  return openEngine({ ...head, tail: decodeTail(head, files) }, files, now);
}

/** Domains have a user tower only where it recommends better than the fold-in. */
function openTower(engine: Engine, file: Uint8Array): void {
  const label = `${engine.info.id}/tower`;
  const tower = readMlp(file, label);
  try {
    engine.attachTower(tower);
  } catch (cause) {
    throw new InkpickError('ARTIFACT_MALFORMED', `${label} is inconsistent: ${(cause as Error).message}`, { cause });
  }
}
