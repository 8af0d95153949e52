import { InkpickError } from '../contracts/errors';
import { type ArtifactName, type Manifest, manifestSchema } from '../contracts/manifest';
import { Engine } from '../engine/engine';
import { GATE_INPUTS, GATE_OUTPUTS } from '../engine/gate';
import { readCatalog } from '../format/catalog';
import { checkFormatVersion } from '../format/container';
import { readContent } from '../format/content';
import { readLatent } from '../format/latent';
import { readNeighbours } from '../format/neighbours';
import { readMlp } from '../format/onnx';
import { readSearch } from '../format/search';

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

/**
 * The engine of a domain from its inflated artifacts.
 *
 * @param version hash of the manifest; @param now a clock in milliseconds
 */
export function makeEngine(
  manifest: Manifest,
  version: string,
  files: ReadonlyMap<ArtifactName, Uint8Array>,
  now: () => number,
): Engine {
  const label = (name: ArtifactName) => `${manifest.domain.id}/${name}`;
  const file = (name: ArtifactName) => {
    const bytes = files.get(name);
    if (!bytes) throw new InkpickError('ARTIFACT_MISSING', `${label(name)} is missing from the manifest`);
    return bytes;
  };
  const catalog = readCatalog(file('catalog'), label('catalog'));
  const content = readContent(file('content'), label('content'));
  const latent = readLatent(file('latent'), label('latent'));
  const neighbours = readNeighbours(file('neighbours'), label('neighbours'));
  const gate = readMlp(file('gate'), label('gate'));
  const search = readSearch(file('search'), label('search'));
  const { counts, domain, interests } = manifest;
  const rows = catalog.ids.length;
  const together =
    rows === counts.items &&
    rows === content.rows.offsets.length - 1 &&
    latent.itemCount === counts.warmItems &&
    latent.itemCount <= rows &&
    neighbours.scales.length === counts.warmItems &&
    [0, content.terms.length].includes(latent.termScales.length) &&
    search.rows.every((row) => row < rows);
  if (!together) {
    throw new InkpickError(
      'ARTIFACT_MALFORMED',
      `the artifacts of ${domain.id} do not belong together: they differ in their number of items`,
    );
  }
  const known = interests.every(
    ({ terms, items }) => terms.every((term) => term < content.terms.length) && items.every((row) => row < rows),
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
  const engine = new Engine({ manifest, version, catalog, content, latent, neighbours, gate, search }, now);
  const tower = files.get('tower');
  if (tower) openTower(engine, tower);
  return engine;
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
