import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import { describe, expect, it } from 'vitest';
import config from '../.dependency-cruiser.mjs';
import { folderOf } from './folder';

/** The modules that the imports below name. */
const MODULES = [
  'app/api/likes/route.ts',
  'bench/run.ts',
  'components/list.tsx',
  'lib/contracts/engine.ts',
  'lib/engine/engine.ts',
  'lib/engine/vector-index/vector-index.ts',
  'lib/math/random.ts',
  'lib/server/store.ts',
  'lib/worker/client.ts',
  'lib/worker/host.ts',
  'pipeline/build.ts',
  'testing/engine/columns.ts',
  'lib/engine/engine.test.ts',
];
const MODULE_TEXT = 'export const value = 1;\nexport type Value = number;\n';

/** Runs the rules over a made-up source tree: {@link MODULES} and the given file. @returns the rules it breaks */
async function brokenRules(file: string, ...imports: string[]): Promise<string[]> {
  const files = Object.fromEntries(MODULES.map((path) => [path, MODULE_TEXT]));
  const up = '../'.repeat(file.split('/').length - 1) || './';
  const lines = imports.map((path) =>
    path.startsWith('type ')
      ? `import type { Value } from '${up}${path.slice(5)}';\nexport type V = Value;`
      : `import { value } from '${up}${path}';\nexport const v = value;`,
  );
  const baseDir = await folderOf({ ...files, [file]: lines.concat(MODULE_TEXT).join('\n') });
  const { tsConfig: _, ...options } = config.options as ICruiseOptions;
  const { output } = await cruise(['.'], { ...options, baseDir, validate: true, ruleSet: config });
  return (output as ICruiseResult).summary.violations.map(({ rule }) => rule.name);
}

describe('the rules of imports', () => {
  it.each([
    ['lib/math/sparse.ts', 'lib/contracts/engine', 'layer-math'],
    ['lib/contracts/events.ts', 'type lib/engine/engine', 'layer-contracts'],
    ['lib/format/latent.ts', 'lib/engine/engine', 'layer-format'],
    ['lib/engine/ranking/gate.ts', 'lib/worker/host', 'layer-engine'],
    ['lib/engine/ranking/gate.test.ts', 'pipeline/build', 'layer-engine'],
    ['lib/hnsw/hnsw-index.ts', 'lib/engine/engine', 'layer-hnsw'],
    ['lib/artifacts/node.ts', 'lib/worker/host', 'layer-artifacts'],
    ['lib/worker/protocol.ts', 'lib/server/store', 'layer-worker'],
    ['lib/server/items/items.ts', 'app/api/likes/route', 'layer-server'],
    ['components/cards/card.tsx', 'lib/worker/host', 'layer-components'],
    ['components/cards/card.tsx', 'type lib/engine/engine', 'layer-components'],
    ['app/api/trends/route.ts', 'components/list', 'layer-api'],
    ['app/api/trends/route.ts', 'lib/engine/engine', 'layer-api-types'],
    ['app/about/page.tsx', 'lib/engine/engine', 'layer-pages'],
    ['pipeline/cli.ts', 'lib/server/store', 'layer-pipeline'],
    ['pipeline/cli.ts', 'bench/run', 'layer-pipeline'],
    ['lib/engine/recommender.ts', 'testing/engine/columns', 'fixtures-in-tests-only'],
    ['scripts/up.ts', 'lib/engine/engine.test', 'fixtures-in-tests-only'],
    ['lib/engine/lost.ts', 'lib/engine/no-such-file', 'resolvable'],
  ])('forbid %s to import %s', async (file, path, rule) => {
    expect(await brokenRules(file, path)).toEqual([rule]);
  });

  it.each([
    ['lib/engine/recommender.ts', ['lib/math/random', 'lib/contracts/engine']],
    ['lib/engine/recommender.test.ts', ['testing/engine/columns', 'lib/math/random']],
    ['lib/hnsw/hnsw-index.ts', ['type lib/engine/vector-index/vector-index']],
    ['components/cards/card.tsx', ['lib/worker/client', 'components/list']],
    ['app/api/trends/route.ts', ['lib/server/store', 'type lib/engine/engine']],
    ['app/about/page.tsx', ['lib/server/store', 'components/list']],
    ['testing/tiny.ts', ['pipeline/build', 'lib/worker/host', 'app/api/likes/route']],
    ['bench/memory.ts', ['testing/engine/columns', 'pipeline/build', 'lib/worker/host']],
  ])('allow %s to import %s', async (file, paths) => {
    expect(await brokenRules(file, ...paths)).toEqual([]);
  });

  it('forbid cycles', async () => {
    expect(await brokenRules('lib/engine/a.ts', 'lib/engine/a')).toEqual(['no-cycles']);
  });
});
