import 'server-only';
import { InkpickError } from '../../contracts/errors';
import { type Json, toJson, toText } from '../cache/response-cache';
import { logError } from '../log';
import { countError, observeRequest } from '../metrics/metrics';
import { currentSettings } from '../settings';
import { toErrorAnswer } from './errors';
import { limitGuesses } from './operator';
import { clientAddress, RateLimitedError, requestLimit } from './rate-limit';
import { toStream } from './stream';

/** Next answers HEAD by GET itself. */
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Who may keep an answer: nobody, since it is one person's; or also shared caches, since all get the same, for as long as a
 * catalog stays, or only for the minute within which an item that was published may be withdrawn, or for the seconds that what is
 * popular now does.
 */
export type Caching = 'personal' | 'public' | 'brief' | 'live';

const CACHE_CONTROL: Record<Caching, string> = {
  personal: 'private, no-store',
  // Catalogs change with a deployment only: five minutes fresh at the edge, then served while it is asked anew.
  public: 'public, max-age=60, s-maxage=300, stale-while-revalidate=86400',
  // Also where the server is out of reach: what was withdrawn is not to come back.
  brief: 'public, max-age=60, must-revalidate',
  live: 'public, max-age=2',
};

/** What a handler gives back; {@link route} makes a response of it. */
export type Answer = {
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
      /** Sent as it is. */
      json: Json;
    }
  | {
      /** Sent as it is, as what `type` says. */
      text: string;
      type: string;
    }
  | {
      /** The pieces of a JSON text, sent as they come: what is too long to be held. For one person, and in no cache. */
      caching: 'personal';
      pieces: AsyncIterable<string>;
    }
);

/** What a handler is given. */
export interface Call<P> {
  request: Request;
  /** Parsed when it is read: answers that are remembered need it not. */
  readonly url: URL;
  params: P;
  /** Milliseconds since the request came in, to 3 decimals. */
  elapsed(): number;
}

type Handler<P> = (call: Call<P>) => Promise<Answer> | Answer;
type RouteHandler<P> = (request: Request, context: { params: Promise<P> }) => Promise<Response>;

interface Options {
  /** False for what must answer however much is asked: health. */
  limited?: boolean;
  /** True for what goes by the visitor's cookie: pages of other origins may neither read nor write there, nor have it asked. */
  personal?: boolean;
}

/** Not even as an image or a script may another site load it, to learn from how that goes. */
const PERSONAL = { 'Cross-Origin-Resource-Policy': 'same-origin' };

/** All else takes no cookies and tells every caller the same: pages from anywhere may read it. */
const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'ETag, RateLimit, RateLimit-Policy, Retry-After, Server-Timing',
};

const round = (value: number, decimals: number) => Math.round(value * 10 ** decimals) / 10 ** decimals;

/** Scores and shares go out with 6 decimals: more is noise, and costs bytes. */
export const round6 = (value: number) => round(value, 6);

/** By which limits count a caller. */
export const addressOf = ({ headers }: Request): string => clientAddress(headers, currentSettings().proxies);

/**
 * Refuses what another site's page sends with a visitor's cookie, or has the browser go to. Browsers name the site of every request, older
 * ones the origin of every write; what names none is no browser, and has no cookie that somebody else could misuse.
 */
export function requireSameOrigin({ headers }: Request): void {
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  const ours =
    site !== null
      ? site === 'same-origin' || site === 'none'
      : origin === null || (URL.canParse(origin) && new URL(origin).host === headers.get('host'));
  if (!ours) throw new InkpickError('FORBIDDEN', 'Pages of other sites may not do this.');
}

/** Whether `If-None-Match` names this tag, by weak comparison, as RFC 9110 wants (section 13.1.2). */
function isKnown(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false;
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag);
}

/**
 * The exports of a `route.ts`. Around every handler: the rate limit, errors as `{error: {code, message,
 * field?}}`, caching, entity tags and 304 for what caches may keep, CORS, `Server-Timing`; and 405 with `Allow`
 * for the methods without a handler. `name` is the route's pattern, which the error log shows.
 */
export function route<P = object>(
  name: string,
  handlers: Partial<Record<Method, Handler<P>>>,
  options: Options = {},
): Record<Method | 'OPTIONS', RouteHandler<P>> {
  const allowed = [...Object.keys(handlers), ...(handlers.GET ? ['HEAD'] : []), 'OPTIONS'].sort().join(', ');

  const reading = options.personal ? PERSONAL : CORS;

  const respond = (method: Method): RouteHandler<P> => {
    return async (request, context) => {
      const started = performance.now();
      const elapsed = () => round(performance.now() - started, 3);
      const headers: Record<string, string> = { ...reading, 'Content-Type': 'application/json' };
      let status: number;
      let json: Json | undefined;
      let pieces: AsyncIterable<string> | undefined;
      try {
        const handler = handlers[method];
        if (!handler) {
          headers.Allow = allowed;
          throw new InkpickError('METHOD_NOT_ALLOWED', `${method} is not possible here; these are: ${allowed}.`);
        }
        const limiter = options.limited === false ? undefined : requestLimit();
        // Waiting for nothing costs a turn of the event loop's queue, and there are many answers a second.
        const left = limiter && (await limiter.take(addressOf(request)));
        if (request.headers.has('authorization')) await limitGuesses(request.headers, addressOf(request));
        if (options.personal) requireSameOrigin(request);
        const params = await context.params;
        const answer = await handler({
          request,
          get url() {
            return new URL(request.url);
          },
          params,
          elapsed,
        });
        if ('pieces' in answer) pieces = answer.pieces;
        else json = 'json' in answer ? answer.json : 'text' in answer ? toText(answer.text) : toJson(answer.body);
        if ('text' in answer) headers['Content-Type'] = answer.type;
        if (answer.cookie) headers['Set-Cookie'] = answer.cookie;
        status = answer.status ?? 200;
        headers['Cache-Control'] = CACHE_CONTROL[answer.caching];
        if (json && answer.caching !== 'personal') {
          headers.ETag = json.etag;
          if (isKnown(request.headers.get('if-none-match'), json.etag)) status = 304;
        } else {
          // What one caller has left is no matter for a shared cache.
          Object.assign(headers, left);
        }
      } catch (error) {
        const { body, status: errorStatus } = toErrorAnswer(error);
        json = toJson(body);
        status = errorStatus;
        headers['Cache-Control'] = 'no-store';
        if (error instanceof RateLimitedError) Object.assign(headers, error.headers);
        if (status === 503) headers['Retry-After'] = '10';
        // Whoever hung up in the middle of a body is no fault of this server's.
        if (status >= 500 && !request.signal.aborted) logError(`${method} ${name}`, error);
        countError(body.error.code);
      }
      const milliseconds = elapsed();
      headers['Server-Timing'] = `total;dur=${milliseconds}`;
      observeRequest(method, name, status, milliseconds);
      if (status === 304) return new Response(null, { status, headers });
      const body = pieces ? toStream(pieces, (error) => logError(`${method} ${name}`, error)) : json?.bytes;
      return new Response(body, { status, headers });
    };
  };

  const describe: RouteHandler<P> = async () =>
    new Response(null, {
      status: 204,
      headers: {
        ...reading,
        Allow: allowed,
        ...(!options.personal && {
          'Access-Control-Allow-Methods': allowed,
          // Not the operator's token: pages elsewhere have none, and could have visitors' browsers guess at it.
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
    OPTIONS: describe,
  };
}
