import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PORT = 3106;
const folder = join(tmpdir(), `inkpick-own-catalog-${PORT}`);

/** Where the generated catalogs are built and served; `serve-own-catalog.ts` makes the folder and removes it. */
export const OWN_CATALOG = {
  port: PORT,
  url: `http://localhost:${PORT}`,
  folder,
  /** Of the domain folders that the command line is given. */
  sources: join(folder, 'sources'),
  artifacts: join(folder, 'artifacts'),
  /** Of the embedded store. */
  store: join(folder, 'store'),
  /** Opens what is for operators there; the other server has none, and is closed to them. */
  adminToken: 'for-the-end-to-end-tests-only',
} as const;
