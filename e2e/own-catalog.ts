import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PORT = 3106;
const folder = join(tmpdir(), `inkpick-own-catalog-${PORT}`);

/** Where the generated catalog is built and served; `serve-own-catalog.ts` makes the folder and removes it. */
export const OWN_CATALOG = {
  port: PORT,
  url: `http://localhost:${PORT}`,
  folder,
  /** The domain folder that the command line is given. */
  source: join(folder, 'source'),
  artifacts: join(folder, 'artifacts'),
  /** Opens what is for operators there; the other server has none, and is closed to them. */
  adminToken: 'for-the-end-to-end-tests-only',
} as const;
