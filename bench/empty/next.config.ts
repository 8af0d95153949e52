import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';
import site from '../../next.config';

/** What the site's own server does for every request, so that the handlers alone differ. */
const config: NextConfig = {
  poweredByHeader: site.poweredByHeader,
  headers: site.headers,
  turbopack: { root: fileURLToPath(new URL('../..', import.meta.url)) },
};

export default config;
