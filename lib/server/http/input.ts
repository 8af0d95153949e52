import 'server-only';
import Fuse from 'fuse.js';
import { z } from 'zod';
import { InkpickError } from '../../contracts/errors';

/** Longer bodies are refused with 413. A history of 5,000 entries needs about 300 kB. */
export const MAX_BODY_BYTES = 1_000_000;

const MAX_QUOTE_LENGTH = 40;

/** A value as error messages repeat it: as JSON, cut to 40 characters. */
export function quote(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'string' ? value : String(value);
  const characters = Array.from(text.slice(0, 4 * MAX_QUOTE_LENGTH));
  const cut = characters.length > MAX_QUOTE_LENGTH || text.length > 4 * MAX_QUOTE_LENGTH;
  const shown = cut ? `${characters.slice(0, MAX_QUOTE_LENGTH).join('')}…` : text;
  return typeof value === 'string' ? JSON.stringify(shown) : shown;
}

/** The values of a parameter that occurs more than once in a query string. */
class Repeated extends Array<string> {}

const TYPE_NAMES: Record<string, string> = {
  array: 'a list',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'a text',
};

/** The predicate of an error message ("top_k …"): what was expected, and what was sent. */
function describeIssue(issue: z.core.$ZodRawIssue): string {
  const { input } = issue;
  if (input === undefined) return 'is missing';
  if (input instanceof Repeated && (issue.code === 'invalid_type' || issue.code === 'invalid_value')) {
    return `must be given once, not ${input.length} times`;
  }
  switch (issue.code) {
    case 'unrecognized_keys':
      return `has unknown fields: ${issue.keys.map(quote).join(', ')}`;
    case 'invalid_type':
      return `must be ${TYPE_NAMES[issue.expected] ?? issue.expected}, not ${quote(input)}`;
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}, not ${quote(input)}`;
    case 'too_small':
    case 'too_big': {
      const isTooSmall = issue.code === 'too_small';
      const bound = Number(isTooSmall ? issue.minimum : issue.maximum).toLocaleString('en-GB');
      const side = isTooSmall ? 'at least' : 'at most';
      if (issue.origin === 'array') return `must hold ${side} ${bound}, not ${(input as unknown[]).length}`;
      if (issue.origin === 'string') {
        return (input as string) === '' ? 'is empty' : `must be ${side} ${bound} characters long`;
      }
      return `must be ${side} ${bound}, not ${quote(input)}`;
    }
    default:
      return `is not valid: ${quote(input)}`;
  }
}

/** `['history', 3, 'value']` → `history[3].value` */
function fieldName(path: readonly PropertyKey[]): string | undefined {
  if (path.length === 0) return undefined;
  return path
    .map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? String(key) : `.${String(key)}`))
    .join('');
}

/**
 * Validates `data`.
 *
 * @param whole names the data in the message where no single field is invalid
 * @throws `INVALID_REQUEST` that names the first invalid field, what was expected and what was sent
 */
export function parse<S extends z.ZodType>(schema: S, data: unknown, whole: string): z.output<S> {
  const parsed = schema.safeParse(data, { error: describeIssue });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = fieldName(issue.path);
  throw new InkpickError('INVALID_REQUEST', `${field ?? whole} ${issue.message}.`, { field });
}

/**
 * Reads and validates the query string. A parameter that occurs once is a text; a repeated one is a list, which only
 * {@link repeatable} fields accept. Parameters by which other sites track links are ignored.
 *
 * @throws `INVALID_REQUEST`, for an unknown parameter with the name that is nearest
 */
export function readQuery<S extends z.ZodObject>(url: URL, schema: S): z.output<S> {
  refuseUnknown([...url.searchParams.keys()], Object.keys(schema.shape));
  const byName = new Map<string, string[]>();
  for (const [name, value] of url.searchParams) {
    const values = byName.get(name);
    if (values) values.push(value);
    else byName.set(name, [value]);
  }
  const data = Object.fromEntries(
    Array.from(byName, ([name, values]) => [name, values.length === 1 ? values[0] : Repeated.from(values)]),
  );
  return parse(schema, data, 'The query');
}

/** What mail, search engines and social networks add to links. */
const TRACKING = /^(?:utm_\w+|\w*clid|ref|source|_\w*)$/;
/** How far a name may be from what was sent to be what was meant; 0 is the same, 1 anything. */
const NEAR = 0.5;

/** A misspelt parameter would silently have no effect. */
function refuseUnknown(names: readonly string[], known: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name) && !TRACKING.test(name));
  if (unknown === undefined) return;
  const sent = unknown.slice(0, MAX_NAME_SHOWN);
  const [nearest] = new Fuse([...known], { threshold: NEAR }).search(sent.toLowerCase());
  const right = nearest ? `; did you mean ${nearest.item}?` : `. There are: ${known.join(', ')}.`;
  throw new InkpickError('INVALID_REQUEST', `${JSON.stringify(sent)} is not a parameter here${right}`, {
    field: sent,
  });
}
const MAX_NAME_SHOWN = 40;

/** A list field that a query string has as a parameter once or several times. */
export const repeatable = <S extends z.ZodType>(list: S) =>
  z.preprocess((value) => (typeof value === 'string' ? [value] : value), list);

/** Every text matches in at most one way, so that a long run of digits cannot cause backtracking. */
const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** A number field in a query string. A text that is not a finite decimal stays a text, and the schema refuses it. */
export const decimal = <S extends z.ZodType>(number: S) =>
  z.preprocess((value) => (typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value), number);

/** The bytes of a request body. Throws `PAYLOAD_TOO_LARGE` as soon as the length is known to be too large. */
async function readBytes(request: Request): Promise<Uint8Array> {
  const tooLarge = () =>
    new InkpickError(
      'PAYLOAD_TOO_LARGE',
      `The body must be at most ${MAX_BODY_BYTES.toLocaleString('en-GB')} bytes long.`,
    );
  if (Number(request.headers.get('content-length')) > MAX_BODY_BYTES) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let length = 0;
  if (request.body) {
    for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
      length += chunk.byteLength;
      if (length > MAX_BODY_BYTES) throw tooLarge();
      chunks.push(chunk);
    }
  }
  return Buffer.concat(chunks, length);
}

/**
 * The text of a request body.
 *
 * @throws `PAYLOAD_TOO_LARGE` above {@link MAX_BODY_BYTES}; `INVALID_REQUEST` where it is not UTF-8
 */
export async function readText(request: Request): Promise<string> {
  const bytes = await readBytes(request);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notJson();
  }
}

const notJson = () => new InkpickError('INVALID_REQUEST', 'The body must be JSON, in UTF-8.');

/** More than twice the depth of any valid body. */
const MAX_DEPTH = 20;

/**
 * Whether lists and objects of a JSON text are nested deeper than {@link MAX_DEPTH}. It runs before `JSON.parse`, which
 * takes a hundred times as long for a megabyte of brackets as for one of data; this takes one pass over the text.
 */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '"') i = endOfString(text, i);
    else if (character === '[' || character === '{') depth++;
    else if (character === ']' || character === '}') depth--;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

/** The index of the quotation mark that ends the JSON string beginning at `start`. */
function endOfString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end >= 0; end = json.indexOf('"', end + 1)) {
    let before = end;
    while (json[before - 1] === '\\') before--;
    if ((end - before) % 2 === 0) return end;
  }
  return json.length;
}

/**
 * Parses and validates the JSON text of a body.
 *
 * @throws `INVALID_REQUEST`
 */
export function parseBody<S extends z.ZodType>(text: string, schema: S): z.output<S> {
  if (isTooDeep(text)) {
    throw new InkpickError(
      'INVALID_REQUEST',
      `The body must not be nested deeper than ${MAX_DEPTH} lists and objects.`,
    );
  }
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw notJson();
  }
  return parse(schema, data, 'The body');
}

/**
 * Reads, parses and validates the JSON body of a request.
 *
 * @throws `PAYLOAD_TOO_LARGE`, `INVALID_REQUEST`
 */
export async function readBody<S extends z.ZodType>(request: Request, schema: S): Promise<z.output<S>> {
  return parseBody(await readText(request), schema);
}
