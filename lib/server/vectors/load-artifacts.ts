import { loadEngineFromFolder, readManifest } from '../../artifacts/node';
import { openStore } from '../store/database';
import { loadVectors, type VectorItem } from './vectors';

export interface LoadProgress {
  domain: string;
  /** Items loaded so far; 0 in the first call. */
  done: number;
  /** Items of the domain. */
  total: number;
}

/**
 * Loads the vectors of a domain into a server's store, for catalogs whose candidates the server finds. Only one process
 * can open an embedded store: the server must not be running on it.
 *
 * @param folder the artifacts folder of the domain
 * @param target the database at `url`, or the embedded store in `folder`
 * @returns the number of vectors
 * @throws Error where the database has no pgvector
 */
export async function loadArtifacts(
  folder: string,
  target: { url?: string; folder?: string },
  onProgress: (progress: LoadProgress) => void = () => {},
): Promise<number> {
  const { manifest, version } = await readManifest(folder);
  const engine = await loadEngineFromFolder(folder);
  const store = await openStore({ ...target, withoutTimeouts: true });
  try {
    if (!store.vectors) {
      throw new Error(
        'This Postgres has no pgvector. Install the extension, or unset DATABASE_URL to use the embedded store.',
      );
    }
    const domain = manifest.domain.id;
    const total = manifest.counts.items;
    const items = function* (): Generator<VectorItem> {
      for (const { id, factors, record } of engine.vectors()) yield { id, factors, record };
    };
    onProgress({ domain, done: 0, total });
    return await loadVectors(store.db, { domain, version, dims: engine.dims }, items(), (done) =>
      onProgress({ domain, done, total }),
    );
  } finally {
    await store.close();
  }
}
