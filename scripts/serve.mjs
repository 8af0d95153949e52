// The production server on a machine of one's own: Next's, behind two checks that Next leaves out.
import { createServer } from 'node:http';

/** Open connections get this long to finish once the server is told to end. */
const GRACE_MILLISECONDS = 5000;

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

/** Serves the finished build until the process is told to end. Resolves once requests are taken. */
export async function serve(port, hostname) {
  // Before Next is imported: React picks its build by it.
  process.env.NODE_ENV = 'production';
  const { default: next } = await import('next');
  const app = next({ dev: false, port, hostname });
  const handle = app.getRequestHandler();
  await app.prepare();

  const behindProxy = Number(process.env.INKPICK_PROXIES) > 0;
  const server = createServer((request, response) => {
    // Next believes whatever the client says its address is; only a proxy of one's own is to be believed.
    if (!behindProxy) request.headers['x-forwarded-for'] = request.socket.remoteAddress;
    // Next answers 500 to an address that cannot be decoded (vercel/next.js#94278).
    if (decodable(request.url)) handle(request, response);
    else response.writeHead(400, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }).end(MALFORMED);
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
}
