import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PORT = 3106;
const folder = join(tmpdir(), `inkpick-own-catalog-${PORT}`);

/** Where the generated catalogs are built and served; `serve-own-catalog.ts` creates and removes the folder. */
export const OWN_CATALOG = {
  port: PORT,
  url: `http://localhost:${PORT}`,
  folder,
  /** The domain folders that the command line builds. */
  sources: join(folder, 'sources'),
  artifacts: join(folder, 'artifacts'),
  /** The embedded store. */
  store: join(folder, 'store'),
  /** For operators of this server; the other server has no token, and so refuses them. */
  adminToken: 'for-the-end-to-end-tests-only',
} as const;
