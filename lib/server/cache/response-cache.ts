import 'server-only';
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { DomainInfo } from '../../contracts/engine';
import type { Engine } from '../../engine/engine';
import { additionsRevision } from '../items/additions';
import { singleton } from '../singleton';

/** Limits of the stored responses, over all domains. */
export const MAX_RESPONSES = 5_000;
export const MAX_RESPONSE_BYTES = 32_000_000;
/** Raw requests that lead to them. */
const MAX_RAW_REQUESTS = 20_000;

/** A response body as it is sent. */
export interface EncodedBody {
  /** UTF-8. */
  bytes: Buffer<ArrayBuffer>;
  /** A strong entity tag: equal exactly where the bytes are. */
  etag: string;
}

export const encodeJson = (body: unknown): EncodedBody => encodeText(JSON.stringify(body));

export function encodeText(text: string): EncodedBody {
  const bytes = Buffer.from(text);
  return { bytes, etag: `"${digest(bytes)}"` };
}

const digest = (data: string | Uint8Array) => createHash('sha256').update(data).digest('base64url');

const stored = () =>
  singleton('response-cache', () => ({
    /** By the hash of a parsed request. */
    responses: new LRUCache<string, EncodedBody>({
      max: MAX_RESPONSES,
      maxSize: MAX_RESPONSE_BYTES,
      sizeCalculation: ({ bytes }) => bytes.length,
    }),
    /** The hash of the parsed request by that of the raw one. */
    parsedByRaw: new LRUCache<string, string>({ max: MAX_RAW_REQUESTS }),
  }));

/** What a response depends on besides the request: a domain, and the version of its catalog. */
export type CatalogVersion = Pick<DomainInfo, 'id' | 'version'>;

/** The version of an engine's catalog: its artifacts, and the items published since. */
export const catalogVersionOf = (engine: Engine): CatalogVersion => ({
  id: engine.info.id,
  version: `${engine.info.version}+${additionsRevision(engine)}`,
});

/**
 * The response body of a request, from the cache or computed now. A repeated raw request is found before anything is
 * parsed or validated; a different raw request with the same meaning is found after parsing.
 *
 * The cache is in this process's memory only, least recently used first out: at most 5,000 responses and 32 MB.
 * Requests, which may contain a person's history, are stored as SHA-256 only, and neither they nor responses are
 * logged. Computing is synchronous, so equal requests that arrive together compute once.
 *
 * @param catalog another version of the catalog has its own responses
 * @param kind the kind of request, such as `search`
 *
 * @param rawRequest the query string or body, whole
 * @param parse the request in a normal form, as plain data; when it throws, nothing is stored
 *
 * @param respond computes the body; when it throws, nothing is stored
 */
export function cachedResponse<Parsed extends object>(
  { id, version }: CatalogVersion,
  kind: string,
  rawRequest: string,
  parse: () => Parsed,
  respond: (parsed: Parsed) => object,
): EncodedBody {
  const { responses, parsedByRaw } = stored();
  const hash = (text: string) => digest(`${kind}\n${id}\n${version}\n${text}`);
  const rawKey = hash(rawRequest);
  const knownKey = parsedByRaw.get(rawKey);
  const known = knownKey === undefined ? undefined : responses.get(knownKey);
  if (known) return known;
  const parsed = parse();
  const parsedKey = hash(JSON.stringify(parsed));
  const body = responses.get(parsedKey) ?? encodeJson(respond(parsed));
  responses.set(parsedKey, body);
  parsedByRaw.set(rawKey, parsedKey);
  return body;
}
