import type { Progress } from '../../../pipeline/io/progress';
import { loadEngineFromFolder, readManifest } from '../../artifacts/node';
import { openStore } from '../store/database';
import { loadVectors, type VectorItem } from './vectors';

/**
 * Loads the vectors of a domain into the store that a server is going to use, for catalogs whose candidates the server finds. An
 * embedded store belongs to one process: the server must not be running on it.
 *
 * @param folder the artifacts folder of the domain
 * @returns the number of vectors
 */
export async function load(
  folder: string,
  store: { url?: string; folder?: string },
  progress: Progress,
): Promise<number> {
  const { manifest, version } = await readManifest(folder);
  const engine = await loadEngineFromFolder(folder);
  const open = await openStore({ ...store, withoutTimeouts: true });
  try {
    if (!open.vectors)
      throw new Error('This Postgres has no pgvector. Install that, or leave the embedded store to it.');
    const { id } = manifest.domain;
    const items = function* (): Generator<VectorItem> {
      for (const { id, factors, record } of engine.vectors()) yield { id, factors, record };
    };
    progress.start(`vectors of ${id}`, manifest.counts.items);
    const count = await loadVectors(open.db, { domain: id, version, dims: engine.dims }, items(), (done) => {
      progress.update(done);
    });
    progress.stop();
    return count;
  } finally {
    await open.close();
  }
}
