import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

const development = process.env.NODE_ENV === 'development';

const policy = (directives: Record<string, string>) =>
  Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ');

/**
 * Documents. Pages are static, so that an edge can serve them; Next writes its data into them as inline
 * scripts that differ from page to page and build to build. A nonce would make every page dynamic, and the
 * experimental hashes cover script files only, not inline ones. So inline scripts are allowed, and everything
 * else is closed: nothing from another origin, no eval, no frames, no plug-ins, no base, no forms elsewhere,
 * and no connection but to this server, so that injected code would have nowhere to send anything.
 * React colours the generated covers through style attributes.
 */
const DOCUMENT_POLICY = policy({
  'default-src': "'self'",
  // React's development build calls eval for its stack traces.
  'script-src': `'self' 'unsafe-inline'${development ? " 'unsafe-eval'" : ''}`,
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data: blob:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'worker-src': "'self'",
  'object-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'self'",
  'frame-src': "'none'",
  'frame-ancestors': "'none'",
});

/**
 * A worker obeys the policy of its own script's response. The vector index (hnswlib-wasm) fetches its WebAssembly
 * from an address of data in its own script, compiles it and builds functions from text, which is allowed here and
 * not in documents. Such an address leads nowhere: nothing can be sent there. ONNX Runtime
 * compiles WebAssembly too, which it fetches from this server like everything else.
 */
const WORKER_POLICY = policy({
  'default-src': "'none'",
  'script-src': "'self' 'unsafe-eval'",
  'connect-src': "'self' data:",
});

/** JSON: nothing in it is ever to be run or shown in a frame. */
const API_POLICY = policy({ 'default-src': "'none'", 'frame-ancestors': "'none'" });

const SECURITY_HEADERS = [
  { key: 'Content-Security-Policy', value: DOCUMENT_POLICY },
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Referrer-Policy', value: 'strict-origin-when-cross-origin' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  {
    key: 'Permissions-Policy',
    value: 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
  },
];

/**
 * What the engine reads on the server. The HNSW indexes are for browsers: the server scans exactly. The networks
 * (gate, tower) are small enough for it to run without a runtime.
 */
const SERVER_ARTIFACTS = [
  './public/artifacts/index.json',
  './public/artifacts/*/manifest.json',
  './public/artifacts/*/{catalog,content,latent,neighbours,related,gate,tower,catalogtail,contenttail,itemtower}.*.bin',
];

/** What pages read where they are asked for a domain that is not there: which there are. */
const SERVER_INDEX = SERVER_ARTIFACTS.slice(0, 2);

/** What file tracing must never take into a function. */
const NEVER_ON_THE_SERVER = [
  './public/artifacts/*/hnsw.*.bin',
  './data/**/*',
  './pipeline/**/*',
  './bench/**/*',
  './e2e/**/*',
  './docs/**/*',
  './node_modules/{hnswlib-wasm,onnxruntime-web,onnxruntime-common}/**/*',
];

/**
 * What the store reads at run time: its migrations, and the files of PGlite and its extension that are not JavaScript.
 * Included without a database too: then the store is in memory.
 */
const STORE_FILES = [
  './lib/server/store/migrations/**/*',
  './node_modules/@electric-sql/pglite/dist/*.{wasm,data}',
  './node_modules/@electric-sql/pglite/dist/*.js',
  './node_modules/@electric-sql/pglite-pgvector/{package.json,dist/*.js,dist/vector.tar.gz}',
  './lib/server/store/pglite-thread.mjs',
];

/** The routes that run the engine and use the store. Pages run it during the build, and once after a server starts. */
const API_ROUTES = '/{recommend,api}/**';

const config: NextConfig = {
  poweredByHeader: false,
  // `npm test` has checked them by the time it builds, those of tests too.
  typescript: { ignoreBuildErrors: process.env.INKPICK_TYPES_CHECKED === '1' },
  turbopack: { root: fileURLToPath(new URL('.', import.meta.url)) },
  // PGlite finds files beside its own, pg loads modules by name, and instances of ioredis must be of one module.
  serverExternalPackages: ['@electric-sql/pglite', '@electric-sql/pglite-pgvector', 'pg', 'bentocache', 'ioredis'],
  // Pages made after the build are kept in memory: the build stays what it was.
  experimental: { isrFlushToDisk: false },
  outputFileTracingIncludes: {
    [API_ROUTES]: [...SERVER_ARTIFACTS, ...STORE_FILES],
    '/\\[domain\\]': SERVER_INDEX,
  },
  outputFileTracingExcludes: { '/**': NEVER_ON_THE_SERVER },
  /** A browser that has not met the link to the icon yet asks for it under the name that browsers have always used. */
  async redirects() {
    return [{ source: '/favicon.ico', destination: '/icon.svg', permanent: true }];
  },
  async headers() {
    // Where several patterns match, the last one that sets a header wins.
    return [
      { source: '/:path*', headers: SECURITY_HEADERS },
      { source: '/_next/static/:path*', headers: [{ key: 'Content-Security-Policy', value: WORKER_POLICY }] },
      { source: '/api/:path*', headers: [{ key: 'Content-Security-Policy', value: API_POLICY }] },
      { source: '/recommend/:path*', headers: [{ key: 'Content-Security-Policy', value: API_POLICY }] },
      // Names change only with a build: ask each time whether they did, at the price of a 304.
      { source: '/artifacts/:path*', headers: [{ key: 'Cache-Control', value: 'no-cache' }] },
      // The name holds the hash of the content.
      {
        source: '/artifacts/:domain/:file([a-z]+\\.[0-9a-f]{8}\\.bin)',
        headers: [{ key: 'Cache-Control', value: 'public, max-age=31536000, immutable' }],
      },
    ];
  },
};

export default config;
