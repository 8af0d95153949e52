// The production server on a machine of one's own: Next's, behind three checks that Next leaves out.
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import sirv from 'sirv';

/** Open connections get this long to finish once the server is told to end. */
const GRACE_MILLISECONDS = 5000;

const ARTIFACTS = 'artifacts';

const MALFORMED = JSON.stringify({
  error: {
    code: 'INVALID_REQUEST',
    message: 'The address is malformed: a % must be followed by the code of UTF-8 text.',
  },
});

function decodable(url) {
  try {
    decodeURIComponent(url.split('?', 1)[0]);
    return true;
  } catch {
    return false;
  }
}

/** Serves the files of another artifacts folder than public/artifacts, as Next serves that; the headers are those of next.config.ts. */
function artifactsOf(folder) {
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

/** The first parts of all addresses but the domains' own. */
function namesOfRoutes() {
  const routes = Object.values(JSON.parse(readFileSync('.next/app-path-routes-manifest.json', 'utf8')));
  // next.config.ts redirects the last one.
  return [...routes.map((route) => route.split('/')[1]), ...readdirSync('public'), 'favicon.ico'];
}

/**
 * Serves the finished build until the process is told to end. Resolves once every catalog is loaded, so that no visitor
 * waits for that, and every page is due to be made from it.
 *
 * @returns what /api/health/ready says
 */
export async function serve(port, hostname) {
  // Before Next is imported: React picks its build by it.
  process.env.NODE_ENV = 'production';
  process.env.INKPICK_OWN_SERVER = '1';
  const { default: next } = await import('next');
  const app = next({ dev: false, port, hostname });
  const handle = app.getRequestHandler();
  await app.prepare();

  /** What an address of one part may be; Next would make a page for any other, only to say that there is none. */
  let names;
  const folder = process.env.INKPICK_ARTIFACTS;
  const artifacts = folder ? artifactsOf(folder) : undefined;
  const behindProxy = Number(process.env.INKPICK_PROXIES) > 0;
  const server = createServer((request, response) => {
    // Next believes whatever the client says its address is; only a proxy of one's own is to be believed.
    if (!behindProxy) request.headers['x-forwarded-for'] = request.socket.remoteAddress;
    // Next answers 500 to an address that cannot be decoded (vercel/next.js#94278).
    if (!decodable(request.url)) {
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

  const end = () => {
    server.close(() => process.exit());
    setTimeout(() => server.closeAllConnections(), GRACE_MILLISECONDS).unref();
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);

  const host = hostname?.includes(':') ? `[${hostname}]` : (hostname ?? 'localhost');
  const state = await (await fetch(`http://${host}:${port}/api/health/ready`)).json();
  names = new Set([...namesOfRoutes(), ...Object.keys(state.domains ?? {})]);
  return state;
}
