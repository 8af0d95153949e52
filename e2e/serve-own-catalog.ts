/**
 * Builds the generated catalogs with the command line, as their owner would, one of them with its index on the server.
 * Serves them and a shipped one from an artifacts folder outside the checkout, which is removed when the server ends.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GENERATED, GENERATED_ON_SERVER, writeGeneratedDomain } from '../testing/generated-domain';
import { OWN_CATALOG } from './own-catalog';

const SHIPPED = 'courses';
const { folder, sources, artifacts, store } = OWN_CATALOG;
const clear = () => rmSync(folder, { recursive: true, force: true });
clear();
process.once('exit', clear);

function inkpick(...args: string[]): void {
  const { status, stderr } = spawnSync(process.execPath, ['bin/inkpick.mjs', ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`inkpick ${args.join(' ')} failed:\n${stderr}`);
}

cpSync(join('public', 'artifacts', SHIPPED), join(artifacts, SHIPPED), { recursive: true });
writeFileSync(join(artifacts, 'index.json'), JSON.stringify({ domains: [SHIPPED] }));
await writeGeneratedDomain(join(sources, GENERATED.id));
await writeGeneratedDomain(join(sources, GENERATED_ON_SERVER.id), GENERATED_ON_SERVER);
for (const { id } of [GENERATED, GENERATED_ON_SERVER])
  inkpick('build', join(sources, id), '--out', join(artifacts, id));
inkpick('load', join(artifacts, GENERATED_ON_SERVER.id), '--data', store);

await import('../scripts/start.mjs');
