import { randomUUID } from 'node:crypto';
import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { serviceUrl } from './server/service-url';

/**
 * A new copy of the artifacts of the tiny domain, which are built once per test run. Copies are removed when the run
 * ends.
 *
 * @returns the artifacts root, which contains `index.json` and `tiny/`
 */
export async function tinyArtifacts(): Promise<string> {
  const template = await serviceUrl('tiny');
  const artifacts = join(dirname(template), randomUUID());
  await cp(template, artifacts, { recursive: true });
  return artifacts;
}
