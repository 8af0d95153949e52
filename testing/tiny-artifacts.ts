import { randomUUID } from 'node:crypto';
import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { serviceUrl } from './server/service-url';

/**
 * The tiny domain, built for real, but once for all files of a test run: this is a copy of its own for whoever asks, which is gone when
 * the run ends.
 *
 * @returns the artifacts root, which holds `index.json` and `tiny/`
 */
export async function tinyArtifacts(): Promise<string> {
  const template = await serviceUrl('tiny');
  const artifacts = join(dirname(template), randomUUID());
  await cp(template, artifacts, { recursive: true });
  return artifacts;
}
