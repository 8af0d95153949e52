import 'server-only';
import { InkpickError } from '../contracts/errors';
import { logError, toErrorAnswer } from './errors';
import { clientAddress, RateLimit, RateLimitedError } from './rate-limit';
import { readSettings } from './settings';
import { shared } from './shared';

/** Next answers HEAD by GET itself. */
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Who may keep an answer: nobody, since it is one person's, or also shared caches, since all get the same. */
export type Caching = 'personal' | 'public';

const CACHE_CONTROL: Record<Caching, string> = {
  personal: 'private, no-store',
  // Catalogs change with a deployment only: five minutes fresh at the edge, then served while it is asked anew.
  public: 'public, max-age=60, s-maxage=300, stale-while-revalidate=86400',
};

/** What a handler gives back; {@link route} makes a response of it. */
export interface Answer {
  /** Sent as JSON. */
  body: unknown;
  status?: number;
  caching: Caching;
}

/** What a handler is given. */
export interface Call<P> {
  request: Request;
  url: URL;
  params: P;
  /** Milliseconds since the request came in, to 3 decimals. */
  elapsed(): number;
}

type Handler<P> = (call: Call<P>) => Promise<Answer> | Answer;
type RouteHandler<P> = (request: Request, context: { params: Promise<P> }) => Promise<Response>;

interface Options {
  /** False for what must answer however much is asked: health. */
  limited?: boolean;
}

/** The API is public, takes no cookies and tells every caller the same: pages from anywhere may read it. */
const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'RateLimit, RateLimit-Policy, Retry-After, Server-Timing',
};

const round = (value: number, decimals: number) => Math.round(value * 10 ** decimals) / 10 ** decimals;

/** Scores and shares go out with 6 decimals: more is noise, and costs bytes. */
export const round6 = (value: number) => round(value, 6);

/** The limiter of the process; undefined where the limit is off. */
function rateLimit(limit: number): RateLimit | undefined {
  return limit > 0 ? shared(`rate-limit.${limit}`, () => new RateLimit(limit)) : undefined;
}

/**
 * The exports of a `route.ts`. Around every handler: the rate limit, errors as `{error: {code, message,
 * field?}}`, caching, CORS, `Server-Timing`; and 405 with `Allow` for the methods without a handler.
 * `name` is the route's pattern, which the error log shows.
 */
export function route<P = object>(
  name: string,
  handlers: Partial<Record<Method, Handler<P>>>,
  options: Options = {},
): Record<Method | 'OPTIONS', RouteHandler<P>> {
  const allowed = [...Object.keys(handlers), ...(handlers.GET ? ['HEAD'] : []), 'OPTIONS'].sort().join(', ');

  const respond = (method: Method): RouteHandler<P> => {
    return async (request, context) => {
      const started = performance.now();
      const elapsed = () => round(performance.now() - started, 3);
      const headers = new Headers(CORS);
      let status: number;
      let body: unknown;
      try {
        const handler = handlers[method];
        if (!handler) {
          headers.set('Allow', allowed);
          throw new InkpickError('METHOD_NOT_ALLOWED', `${method} is not possible here; these are: ${allowed}.`);
        }
        const { proxies, rateLimit: perWindow } = readSettings();
        const limiter = options.limited === false ? undefined : rateLimit(perWindow);
        const left = await limiter?.take(clientAddress(request.headers, proxies));
        const answer = await handler({ request, url: new URL(request.url), params: await context.params, elapsed });
        ({ body, status = 200 } = answer);
        headers.set('Cache-Control', CACHE_CONTROL[answer.caching]);
        // What one caller has left is no matter for a shared cache.
        if (answer.caching === 'personal')
          for (const [key, value] of Object.entries(left ?? {})) headers.set(key, value);
      } catch (error) {
        ({ status, body } = toErrorAnswer(error));
        headers.set('Cache-Control', 'no-store');
        if (error instanceof RateLimitedError) {
          for (const [key, value] of Object.entries(error.headers)) headers.set(key, value);
        }
        if (status === 503) headers.set('Retry-After', '10');
        if (status >= 500) logError(`${method} ${name}`, error);
      }
      headers.set('Server-Timing', `total;dur=${elapsed()}`);
      return Response.json(body, { status, headers });
    };
  };

  const describe: RouteHandler<P> = async () =>
    new Response(null, {
      status: 204,
      headers: {
        ...CORS,
        Allow: allowed,
        'Access-Control-Allow-Methods': allowed,
        'Access-Control-Allow-Headers': 'Content-Type',
        'Access-Control-Max-Age': '86400',
      },
    });

  return {
    GET: respond('GET'),
    POST: respond('POST'),
    PUT: respond('PUT'),
    PATCH: respond('PATCH'),
    DELETE: respond('DELETE'),
    OPTIONS: describe,
  };
}
