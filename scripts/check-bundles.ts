/**
 * Reads the trace files of a finished build (`.next/server/**\/*.nft.json`) and fails where a function holds
 * more than it may, or what it must not, or lacks what it needs. A function is counted as a host packs it:
 * what its route traces, and what Next's own server traces.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const LIMIT_BYTES = 100_000_000;

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SERVER = join(ROOT, '.next', 'server');

/** What no function may hold, by its path from the root. */
const FORBIDDEN = [
  /^public\/artifacts\/[^/]+\/hnsw\./,
  /^(bench|data|docs|e2e|pipeline|scripts)\//,
  /^node_modules\/(hnswlib-wasm|onnxruntime-[^/]*|fake-indexeddb|typescript|@biomejs|vitest|playwright[^/]*)\//,
  /^\.git\//,
  /^\.next\/cache\//,
  /^lib\/.*\/testing\//,
  /\.test\.tsx?$/,
];

/** A route of the API runs the engine: it must hold, for each domain, the manifest and all that it names but these. */
const FOR_BROWSERS = ['hnsw'];
/** It uses the store too, whose files are read by name at run time. Whether this process lives says one that needs neither. */
const OF_THE_API = /^app\/(api|recommend)\/(?!health\/live\b)/;
const STORE_FOLDERS = [
  { folder: 'lib/server/store/migrations', file: /\.(sql|json)$/ },
  { folder: 'node_modules/@electric-sql/pglite/dist', file: /^(pglite|initdb)\.(wasm|data)$|^[\w-]+\.js$/ },
  { folder: 'node_modules/@electric-sql/pglite-pgvector/dist', file: /^vector\.tar\.gz$|\.js$/ },
  { folder: 'lib/server/store', file: /\.mjs$/ },
];

interface Trace {
  files: string[];
}

/** The files of a trace, as paths from the root. */
function traced(traceFile: string): string[] {
  const { files } = JSON.parse(readFileSync(traceFile, 'utf8')) as Trace;
  return files.map((file) =>
    relative(ROOT, resolve(dirname(traceFile), file))
      .split(sep)
      .join('/'),
  );
}

const sizeOf = (file: string) => statSync(join(ROOT, file)).size;
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

const { domains } = JSON.parse(readFileSync(join(ROOT, 'public', 'artifacts', 'index.json'), 'utf8')) as {
  domains: string[];
};
/** What the engine of a domain is made from, as paths from the root. */
function neededOf(domain: string): string[] {
  const folder = `public/artifacts/${domain}`;
  const { artifacts } = JSON.parse(readFileSync(join(ROOT, folder, 'manifest.json'), 'utf8')) as {
    artifacts: { name: string; file: string }[];
  };
  const shared = artifacts.filter(({ name }) => !FOR_BROWSERS.includes(name));
  return ['manifest.json', ...shared.map(({ file }) => file)].map((file) => `${folder}/${file}`);
}

const storeFiles = STORE_FOLDERS.flatMap(({ folder, file }) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => file.test(name))
    .map((name) => `${folder}/${name.split(sep).join('/')}`),
);

const nextServer = traced(join(ROOT, '.next', 'next-server.js.nft.json'));
const routes = readdirSync(SERVER, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.nft.json'))
  .map((file) => ({ route: file.replace('.js.nft.json', '').split(sep).join('/'), traceFile: join(SERVER, file) }))
  .sort((a, b) => a.route.localeCompare(b.route));

const faults: string[] = [];
const everything = new Set(nextServer);
for (const { route, traceFile } of routes) {
  const own = traced(traceFile);
  const files = new Set([...own, ...nextServer]);
  for (const file of own) everything.add(file);
  const bytes = [...files].reduce((sum, file) => sum + sizeOf(file), 0);
  const ownBytes = [...new Set(own)].reduce((sum, file) => sum + sizeOf(file), 0);
  console.log(`${megabytes(bytes).padStart(9)}  (of its own ${megabytes(ownBytes)})  ${route}`);

  if (bytes > LIMIT_BYTES) faults.push(`${route} holds ${megabytes(bytes)}; ${megabytes(LIMIT_BYTES)} is the most.`);
  for (const file of files) {
    if (FORBIDDEN.some((pattern) => pattern.test(file))) faults.push(`${route} holds ${file}, which it must not.`);
  }
  if (!OF_THE_API.test(route)) continue;
  for (const needed of [...domains.flatMap(neededOf), ...storeFiles]) {
    if (!files.has(needed)) faults.push(`${route} lacks ${needed}.`);
  }
}
if (!routes.some(({ route }) => OF_THE_API.test(route))) faults.push('No route of the API was built.');

const total = [...everything].reduce((sum, file) => sum + sizeOf(file), 0);
console.log(`${megabytes(total).padStart(9)}  all ${routes.length} functions in one`);
for (const fault of faults) console.error(`✖ ${fault}`);
process.exitCode = faults.length > 0 ? 1 : 0;
