import 'server-only';
import { InkpickError } from '../../contracts/errors';
import { type EncodedBody, encodeJson, encodeText } from '../cache/response-cache';
import { logError } from '../log';
import { countError, observeRequest } from '../metrics/metrics';
import { currentSettings } from '../settings';
import { addressOf } from './client-address';
import { toErrorResponse } from './errors';
import { limitTokenGuesses } from './operator';
import { limiter, RateLimitedError } from './rate-limit';
import { requestPolicy } from './rate-limit-policies';
import { toStream } from './stream';

/** Next serves HEAD through GET. */
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Who may cache a response: `personal`, no cache, since it is one person's. The others are the same for all callers
 * and may be in shared caches: `public` for as long as a catalog stays; `brief` for the minute within which a
 * published item may be withdrawn; `live` for the two seconds for which the popular items are valid.
 */
export type Caching = 'personal' | 'public' | 'brief' | 'live';

const CACHE_CONTROL: Record<Caching, string> = {
  personal: 'private, no-store',
  // Catalogs change only with a deployment: fresh for five minutes at the edge, then served while it is revalidated.
  public: 'public, max-age=60, s-maxage=300, stale-while-revalidate=86400',
  // Not served stale, even where this server is unreachable: a withdrawn item must not come back.
  brief: 'public, max-age=60, must-revalidate',
  live: 'public, max-age=2',
};

/** What a handler returns; {@link route} makes a `Response` of it. */
export type RouteResponse = {
  status?: number;
  caching: Caching;
  /** A `Set-Cookie`. */
  cookie?: string;
} & (
  | {
      /** Sent as JSON. */
      body: unknown;
    }
  | {
      /** JSON that is encoded already. */
      json: EncodedBody;
    }
  | {
      text: string;
      /** Content type of `text`. */
      type: string;
    }
  | {
      /** The pieces of a JSON text too long for memory, sent as they are read. Personal, since it has no entity tag. */
      caching: 'personal';
      pieces: AsyncIterable<string>;
    }
);

/** The argument of a handler. */
export interface Call<P> {
  request: Request;
  /** Parsed on access: cached responses do not need it. */
  readonly url: URL;
  params: P;
  /** Milliseconds since the request came in, to 3 decimals. */
  elapsed(): number;
}

type Handler<P> = (call: Call<P>) => Promise<RouteResponse> | RouteResponse;
type RouteHandler<P> = (request: Request, context: { params: Promise<P> }) => Promise<Response>;

interface Options {
  /** False for routes without the rate limit of all requests: health. */
  limited?: boolean;
  /** True for routes that use the visitor's cookie: pages of other origins may neither read nor write them. */
  personal?: boolean;
}

/** Keeps other sites from loading a personal response even as an image or a script, to learn from its success. */
const PERSONAL = { 'Cross-Origin-Resource-Policy': 'same-origin' };

/** All other routes ignore cookies and send every caller the same: pages of any origin may read them. */
const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'ETag, RateLimit, RateLimit-Policy, Retry-After, Server-Timing',
};

/** `Retry-After` of a 503. */
const UNAVAILABLE_RETRY_SECONDS = '10';

const round = (value: number, decimals: number) => Math.round(value * 10 ** decimals) / 10 ** decimals;

/** Scores and shares are sent with 6 decimals: more is noise, and costs bytes. */
export const round6 = (value: number) => round(value, 6);

/**
 * Refuses requests that another site's page makes with a visitor's cookie, or navigates the browser to. Browsers name
 * the site of every request (`Sec-Fetch-Site`), older ones the origin of every write (`Origin`). A request without
 * either is not from a browser, and so carries no cookie that another site could misuse.
 *
 * @throws `FORBIDDEN`
 */
export function requireSameOrigin({ headers }: Request): void {
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  const isSameOrigin =
    site !== null
      ? site === 'same-origin' || site === 'none'
      : origin === null || (URL.canParse(origin) && new URL(origin).host === headers.get('host'));
  if (!isSameOrigin) throw new InkpickError('FORBIDDEN', 'Pages of other sites may not do this.');
}

/** Whether `If-None-Match` names this tag, by weak comparison (RFC 9110, section 13.1.2). */
function matchesTag(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false;
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag);
}

/**
 * The exports of a `route.ts`. Adds to every handler: the rate limit, errors as
 * `{error: {code, message, field?}}`, caching, entity tags and 304 for responses that caches may store, CORS and
 * `Server-Timing`; and 405 with `Allow` for methods without a handler.
 *
 * @param name the route's pattern, for the error log and the metrics
 */
export function route<P = object>(
  name: string,
  handlers: Partial<Record<Method, Handler<P>>>,
  options: Options = {},
): Record<Method | 'OPTIONS', RouteHandler<P>> {
  const allowed = [...Object.keys(handlers), ...(handlers.GET ? ['HEAD'] : []), 'OPTIONS'].sort().join(', ');

  const originHeaders = options.personal ? PERSONAL : CORS;

  const respond = (method: Method): RouteHandler<P> => {
    return async (request, context) => {
      const started = performance.now();
      const elapsed = () => round(performance.now() - started, 3);
      const headers: Record<string, string> = { ...originHeaders, 'Content-Type': 'application/json' };
      let status: number;
      let encoded: EncodedBody | undefined;
      let pieces: AsyncIterable<string> | undefined;
      try {
        const handler = handlers[method];
        if (!handler) {
          headers.Allow = allowed;
          throw new InkpickError('METHOD_NOT_ALLOWED', `${method} is not possible here; these are: ${allowed}.`);
        }
        const limit = options.limited === false ? undefined : limiter(requestPolicy(currentSettings().rateLimit));
        // No await without a limit: it costs a turn of the event loop, for each of many requests a second.
        const remaining = limit && (await limit.take(addressOf(request)));
        if (request.headers.has('authorization')) await limitTokenGuesses(request.headers, addressOf(request));
        if (options.personal) requireSameOrigin(request);
        const params = await context.params;
        const response = await handler({
          request,
          get url() {
            return new URL(request.url);
          },
          params,
          elapsed,
        });
        if ('pieces' in response) pieces = response.pieces;
        else if ('json' in response) encoded = response.json;
        else encoded = 'text' in response ? encodeText(response.text) : encodeJson(response.body);
        if ('text' in response) headers['Content-Type'] = response.type;
        if (response.cookie) headers['Set-Cookie'] = response.cookie;
        status = response.status ?? 200;
        headers['Cache-Control'] = CACHE_CONTROL[response.caching];
        if (encoded && response.caching !== 'personal') {
          headers.ETag = encoded.etag;
          if (matchesTag(request.headers.get('if-none-match'), encoded.etag)) status = 304;
        } else {
          // Only here: a shared cache would hand one caller's remaining allowance to others.
          Object.assign(headers, remaining);
        }
      } catch (error) {
        const { body, status: errorStatus } = toErrorResponse(error);
        encoded = encodeJson(body);
        status = errorStatus;
        headers['Cache-Control'] = 'no-store';
        if (error instanceof RateLimitedError) Object.assign(headers, error.headers);
        if (status === 503) headers['Retry-After'] = UNAVAILABLE_RETRY_SECONDS;
        // A caller that hangs up in the middle of a body is not an error of this server.
        if (status >= 500 && !request.signal.aborted) logError(`${method} ${name}`, error);
        countError(body.error.code);
      }
      const milliseconds = elapsed();
      headers['Server-Timing'] = `total;dur=${milliseconds}`;
      observeRequest(method, name, status, milliseconds);
      if (status === 304) return new Response(null, { status, headers });
      const body = pieces ? toStream(pieces, (error) => logError(`${method} ${name}`, error)) : encoded?.bytes;
      return new Response(body, { status, headers });
    };
  };

  const preflight: RouteHandler<P> = async () =>
    new Response(null, {
      status: 204,
      headers: {
        ...originHeaders,
        Allow: allowed,
        ...(!options.personal && {
          'Access-Control-Allow-Methods': allowed,
          // Without `Authorization`: pages of other sites could have visitors' browsers guess the operator's token.
          'Access-Control-Allow-Headers': 'Content-Type',
          'Access-Control-Max-Age': '86400',
        }),
      },
    });

  return {
    GET: respond('GET'),
    POST: respond('POST'),
    PUT: respond('PUT'),
    PATCH: respond('PATCH'),
    DELETE: respond('DELETE'),
    OPTIONS: preflight,
  };
}
