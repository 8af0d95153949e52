import 'server-only';
import { z } from 'zod';
import { InkpickError } from '../../contracts/errors';

/** Bodies above this are refused with 413. A history of 5,000 entries needs about 300 kB. */
export const MAX_BODY_BYTES = 1_000_000;

const LONGEST_QUOTE = 40;

/** A value as an error message may repeat it: as JSON, cut short. */
export function quote(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'string' ? value : String(value);
  const characters = Array.from(text.slice(0, 4 * LONGEST_QUOTE));
  const cut = characters.length > LONGEST_QUOTE || text.length > 4 * LONGEST_QUOTE;
  const shown = cut ? `${characters.slice(0, LONGEST_QUOTE).join('')}…` : text;
  return typeof value === 'string' ? JSON.stringify(shown) : shown;
}

/** A parameter's values where a query string gives it more than once. */
class Repeated extends Array<string> {}

const TYPE_NAMES: Record<string, string> = {
  array: 'a list',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'a text',
};

/** What would be right, and what was there: the predicate of "top_k …". */
function explain(issue: z.core.$ZodRawIssue): string {
  const { input } = issue;
  if (input === undefined) return 'is missing';
  if (input instanceof Repeated && (issue.code === 'invalid_type' || issue.code === 'invalid_value')) {
    return `must be given once, not ${input.length} times`;
  }
  switch (issue.code) {
    case 'unrecognized_keys':
      return `holds what is not known here: ${issue.keys.map(quote).join(', ')}`;
    case 'invalid_type':
      return `must be ${TYPE_NAMES[issue.expected] ?? issue.expected}, not ${quote(input)}`;
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}, not ${quote(input)}`;
    case 'too_small':
    case 'too_big': {
      const small = issue.code === 'too_small';
      const bound = Number(small ? issue.minimum : issue.maximum).toLocaleString('en-GB');
      const side = small ? 'at least' : 'at most';
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
 * What `schema` makes of `data`; else `INVALID_REQUEST` with the first field at fault, what was wrong with
 * it and what would be right. `whole` names the data where no single field is at fault.
 */
export function parse<S extends z.ZodType>(schema: S, data: unknown, whole: string): z.output<S> {
  const parsed = schema.safeParse(data, { error: explain });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = fieldName(issue.path);
  throw new InkpickError('INVALID_REQUEST', `${field ?? whole} ${issue.message}.`, { field });
}

/**
 * The query string through `schema`. A parameter given once is a text; a repeated one is a list, which only
 * {@link repeatable} fields take. Parameters that the schema does not name are ignored, as links pick up
 * strangers' tracking parameters on their way.
 */
export function readQuery<S extends z.ZodType>(url: URL, schema: S): z.output<S> {
  const given = new Map<string, string[]>();
  for (const [name, value] of url.searchParams) {
    const values = given.get(name);
    if (values) values.push(value);
    else given.set(name, [value]);
  }
  const data = Object.fromEntries(
    Array.from(given, ([name, values]) => [name, values.length === 1 ? values[0] : Repeated.from(values)]),
  );
  return parse(schema, data, 'The query');
}

/** A list field that a query string gives as a parameter once or several times. */
export const repeatable = <S extends z.ZodType>(list: S) =>
  z.preprocess((value) => (typeof value === 'string' ? [value] : value), list);

/** A digit can be matched in one way only: else a long row of them would be tried in all. */
const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** A number field that a query string gives as text; what is no finite decimal stays text and is refused. */
export const decimal = <S extends z.ZodType>(number: S) =>
  z.preprocess((value) => (typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value), number);

/** The bytes of a request body, or `PAYLOAD_TOO_LARGE` as soon as they are known to be too many. */
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

/** The text of a request body, which must be UTF-8 and no longer than {@link MAX_BODY_BYTES}. */
export async function readText(request: Request): Promise<string> {
  const bytes = await readBytes(request);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notJson();
  }
}

const notJson = () => new InkpickError('INVALID_REQUEST', 'The body must be JSON, in UTF-8.');

/** Nothing that is asked for here is nested half as deep. */
const MOST_DEPTH = 20;

/**
 * Whether lists and objects of a JSON text are nested too deep. `JSON.parse` takes a hundred times as long for a megabyte of brackets
 * as for one of data, and does so before anybody can say that it is wrong; this takes the time of reading it through.
 */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '"') i = endOfText(text, i);
    else if (character === '[' || character === '{') depth++;
    else if (character === ']' || character === '}') depth--;
    if (depth > MOST_DEPTH) return true;
  }
  return false;
}

/** Where the text ends that begins with the quotation mark at `start`. */
function endOfText(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end >= 0; end = json.indexOf('"', end + 1)) {
    let before = end;
    while (json[before - 1] === '\\') before--;
    if ((end - before) % 2 === 0) return end;
  }
  return json.length;
}

/** The JSON text of a body through `schema`. */
export function parseBody<S extends z.ZodType>(text: string, schema: S): z.output<S> {
  if (isTooDeep(text)) {
    throw new InkpickError(
      'INVALID_REQUEST',
      `The body must not be nested deeper than ${MOST_DEPTH} lists and objects.`,
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

/** The JSON body through `schema`. */
export async function readBody<S extends z.ZodType>(request: Request, schema: S): Promise<z.output<S>> {
  return parseBody(await readText(request), schema);
}
