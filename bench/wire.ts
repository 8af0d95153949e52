import { join } from 'node:path';
import { readManifest } from '../lib/artifacts/node';
import { isHeadArtifact } from '../lib/contracts/manifest';
import type { Part } from './context';
import { type Measured, single } from './lines';
import { atMost, MAIN_DOMAIN } from './worker';

/** Bytes of artifacts according to the manifests. */
export const benchWire: Part = async ({ artifacts, domains }) => {
  const lines: Measured[] = [];
  for (const domain of domains) {
    const { manifest } = await readManifest(join(artifacts, domain));
    const sum = (entries: typeof manifest.artifacts) => entries.reduce((bytes, entry) => bytes + entry.bytes, 0);
    const isMain = domain === MAIN_DOMAIN;
    lines.push(
      {
        domain,
        name: 'artifacts in all, by the manifest',
        unit: 'bytes',
        ...single(sum(manifest.artifacts)),
        targets: atMost({ value: isMain ? 6_000_000 : 5_000_000 }),
      },
      {
        domain,
        name: 'needed for the first personal result, by the manifest',
        unit: 'bytes',
        ...single(sum(manifest.artifacts.filter(({ name }) => isHeadArtifact(name)))),
        targets: isMain ? atMost({ value: 2_500_000 }) : [],
      },
      ...manifest.artifacts.map(
        ({ name, bytes, rawBytes }): Measured => ({
          domain,
          name: `  ${name}`,
          unit: 'bytes',
          figures: { shipped: bytes, inflated: rawBytes },
          samples: 1,
        }),
      ),
    );
  }
  return lines;
};
