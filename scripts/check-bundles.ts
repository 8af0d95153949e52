/**
 * Reads the trace files of a finished build (`.next/server/**\/*.nft.json`) and fails if a serverless function is too
 * large, contains a forbidden file or lacks a needed one. As hosts pack them, a function contains the files that its
 * route traces and those that Next's server traces.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAX_BYTES = 100_000_000;

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SERVER = join(ROOT, '.next', 'server');

/** Files that no function may contain, as paths from the root. */
const FORBIDDEN = [
  /^public\/artifacts\/[^/]+\/hnsw\./,
  /^(bench|data|docs|e2e|pipeline|scripts|testing)\//,
  /^node_modules\/(hnswlib-wasm|onnxruntime-[^/]*|fake-indexeddb|typescript|@biomejs|vitest|playwright[^/]*)\//,
  /^\.git\//,
  /^\.next\/cache\//,
  /\.test\.tsx?$/,
];

/** Routes of the API run the engine: each needs every domain's manifest and all its artifacts except these. */
const BROWSER_ARTIFACTS = ['hnsw'];
/** Routes that run the engine and the store. `/api/health/live` needs neither. */
const API_ROUTE = /^app\/(api|recommend)\/(?!health\/live\b)/;
/** Files that the store reads by name at run time, which tracing does not find. */
const STORE_FOLDERS = [
  { folder: 'lib/server/store/migrations', file: /\.(sql|json)$/ },
  { folder: 'node_modules/@electric-sql/pglite/dist', file: /^(pglite|initdb)\.(wasm|data)$|^[\w-]+\.js$/ },
  { folder: 'node_modules/@electric-sql/pglite-pgvector/dist', file: /^vector\.tar\.gz$|\.js$/ },
  { folder: 'lib/server/store', file: /\.mjs$/ },
];

interface Trace {
  files: string[];
}

/** Reads the files of a trace, as paths from the root. */
function readTrace(traceFile: string): string[] {
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
/** The files that the engine of a domain needs, as paths from the root. */
function neededFiles(domain: string): string[] {
  const folder = `public/artifacts/${domain}`;
  const { artifacts } = JSON.parse(readFileSync(join(ROOT, folder, 'manifest.json'), 'utf8')) as {
    artifacts: { name: string; file: string }[];
  };
  const serverArtifacts = artifacts.filter(({ name }) => !BROWSER_ARTIFACTS.includes(name));
  return ['manifest.json', ...serverArtifacts.map(({ file }) => file)].map((file) => `${folder}/${file}`);
}

const storeFiles = STORE_FOLDERS.flatMap(({ folder, file }) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => file.test(name))
    .map((name) => `${folder}/${name.split(sep).join('/')}`),
);

const nextServer = readTrace(join(ROOT, '.next', 'next-server.js.nft.json'));
const routes = readdirSync(SERVER, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.nft.json'))
  .map((file) => ({ route: file.replace('.js.nft.json', '').split(sep).join('/'), traceFile: join(SERVER, file) }))
  .sort((a, b) => a.route.localeCompare(b.route));

const faults: string[] = [];
const everything = new Set(nextServer);
for (const { route, traceFile } of routes) {
  const own = readTrace(traceFile);
  const files = new Set([...own, ...nextServer]);
  for (const file of own) everything.add(file);
  const bytes = [...files].reduce((sum, file) => sum + sizeOf(file), 0);
  const ownBytes = [...new Set(own)].reduce((sum, file) => sum + sizeOf(file), 0);
  console.log(`${megabytes(bytes).padStart(9)}  (route only: ${megabytes(ownBytes)})  ${route}`);

  if (bytes > MAX_BYTES) faults.push(`${route} is ${megabytes(bytes)}; the maximum is ${megabytes(MAX_BYTES)}.`);
  for (const file of files) {
    if (FORBIDDEN.some((pattern) => pattern.test(file))) faults.push(`${route} contains ${file}, which is forbidden.`);
  }
  if (!API_ROUTE.test(route)) continue;
  for (const needed of [...domains.flatMap(neededFiles), ...storeFiles]) {
    if (!files.has(needed)) faults.push(`${route} lacks ${needed}.`);
  }
}
if (!routes.some(({ route }) => API_ROUTE.test(route))) faults.push('No route of the API was built.');

const total = [...everything].reduce((sum, file) => sum + sizeOf(file), 0);
console.log(`${megabytes(total).padStart(9)}  all ${routes.length} functions in one`);
for (const fault of faults) console.error(`✖ ${fault}`);
process.exitCode = faults.length > 0 ? 1 : 0;
