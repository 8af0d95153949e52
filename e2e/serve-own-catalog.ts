/**
 * Builds the generated catalog by the command line, as its owner would, and serves it beside a shipped one from an artifacts
 * folder outside of the checkout. Nothing is left of it when the server ends.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GENERATED, writeGeneratedDomain } from '../pipeline/testing/generated-domain';
import { OWN_CATALOG } from './own-catalog';

const SHIPPED = 'courses';
const { folder, source, artifacts } = OWN_CATALOG;
const clear = () => rmSync(folder, { recursive: true, force: true });
clear();
process.once('exit', clear);

cpSync(join('public', 'artifacts', SHIPPED), join(artifacts, SHIPPED), { recursive: true });
writeFileSync(join(artifacts, 'index.json'), JSON.stringify({ domains: [SHIPPED] }));
await writeGeneratedDomain(source);
const command = ['bin/inkpick.mjs', 'build', source, '--out', join(artifacts, GENERATED.id)];
const { status, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
if (status !== 0) throw new Error(`The catalog could not be built:\n${stderr}`);

await import('../scripts/start.mjs');
