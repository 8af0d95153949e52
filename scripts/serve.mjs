// The production server for self-hosting: Next's server behind three checks that Next does not make.
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import sirv from 'sirv';

/** Open connections have this long to finish after SIGINT or SIGTERM. */
const SHUTDOWN_TIMEOUT_MS = 5000;

const ARTIFACTS = 'artifacts';

const MALFORMED = JSON.stringify({
  error: {
    code: 'INVALID_REQUEST',
    message: 'The address is malformed: a % must be followed by the code of UTF-8 text.',
  },
});

function isDecodable(url) {
  try {
    decodeURIComponent(url.split('?', 1)[0]);
    return true;
  } catch {
    return false;
  }
}

/** Serves another folder in place of public/artifacts, with the headers of next.config.ts. */
function serveArtifacts(folder) {
  const serveFile = sirv(folder, {
    dev: true,
    etag: true,
    setHeaders(response, path) {
      const isNamedByHash = /\.[0-9a-f]{8}\.bin$/.test(path);
      response.setHeader('Cache-Control', isNamedByHash ? 'public, max-age=31536000, immutable' : 'no-cache');
      response.setHeader('X-Content-Type-Options', 'nosniff');
    },
  });
  return (request, response) => {
    request.url = request.url.slice(`/${ARTIFACTS}`.length);
    serveFile(request, response, () => response.writeHead(404, { 'Cache-Control': 'no-store' }).end());
  };
}

/** The first path segments of all routes and public files; domains have pages of their own besides. */
function firstSegments() {
  const routes = Object.values(JSON.parse(readFileSync('.next/app-path-routes-manifest.json', 'utf8')));
  // next.config.ts redirects favicon.ico.
  return [...routes.map((route) => route.split('/')[1]), ...readdirSync('public'), 'favicon.ico'];
}

/**
 * Serves the finished build until SIGINT or SIGTERM. Resolves once all catalogs are loaded, so that no visitor has to
 * wait for that.
 *
 * @returns the response of /api/health/ready
 */
export async function serve(port, hostname) {
  // Set before Next is imported, since React chooses its build by it.
  process.env.NODE_ENV = 'production';
  process.env.INKPICK_OWN_SERVER = '1';
  const { default: next } = await import('next');
  const app = next({ dev: false, port, hostname });
  const handle = app.getRequestHandler();
  await app.prepare();

  /** Known addresses of one segment. For any other Next would render and cache a page that says "not found". */
  let names;
  const folder = process.env.INKPICK_ARTIFACTS;
  const artifacts = folder ? serveArtifacts(folder) : undefined;
  const behindProxy = Number(process.env.INKPICK_PROXIES) > 0;
  const server = createServer((request, response) => {
    // Next trusts the client's X-Forwarded-For; only the operator's own proxies may set it.
    if (!behindProxy) request.headers['x-forwarded-for'] = request.socket.remoteAddress;
    // Next answers 500 to an address that cannot be decoded (vercel/next.js#94278).
    if (!isDecodable(request.url)) {
      response.writeHead(400, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }).end(MALFORMED);
      return;
    }
    const [, name, rest] = request.url.split('?', 1)[0].split('/');
    if (artifacts && name === ARTIFACTS && rest !== undefined) {
      artifacts(request, response);
      return;
    }
    if (name && rest === undefined && names && !names.has(name)) request.url = '/_not-found';
    handle(request, response);
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, hostname, resolve);
  });

  const shutDown = () => {
    server.close(() => process.exit());
    setTimeout(() => server.closeAllConnections(), SHUTDOWN_TIMEOUT_MS).unref();
  };
  process.once('SIGINT', shutDown);
  process.once('SIGTERM', shutDown);

  const host = hostname?.includes(':') ? `[${hostname}]` : (hostname ?? 'localhost');
  const state = await (await fetch(`http://${host}:${port}/api/health/ready`)).json();
  names = new Set([...firstSegments(), ...Object.keys(state.domains ?? {})]);
  return state;
}
