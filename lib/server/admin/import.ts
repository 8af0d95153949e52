import 'server-only';
import { z } from 'zod';
import type { ImportReceipt } from '../../contracts/admin';
import { InkpickError } from '../../contracts/errors';
import { type NewItem, newItemSchema } from '../../contracts/live-signals';
import type { Engine } from '../../engine/engine';
import { getEngine } from '../engines';
import { parse, quote } from '../http/input';
import { isBuiltIn, renewAdditions } from '../items/additions';
import { publishItems } from '../items/service';

/** Published in one go, as devices take them. */
const ITEMS_AT_ONCE = 500;
const PROBLEMS_TOLD = 100;

const lineSchema = newItemSchema.extend({ domain: z.string().min(1).max(32) });

interface Line {
  number: number;
  item: NewItem;
}

/** A line as an item of a domain; throws `INVALID_REQUEST` with what is wrong with it. */
function readLine(line: string): { domain: string; item: NewItem } {
  let data: unknown;
  try {
    data = JSON.parse(line);
  } catch {
    throw new InkpickError('INVALID_REQUEST', 'The line is no JSON.');
  }
  // JSON may hold it, and PostgreSQL's text may not.
  if (line.includes('\\u0000')) throw new InkpickError('INVALID_REQUEST', 'The line holds the character U+0000.');
  const { domain, ...item } = parse(lineSchema, data, 'The line');
  return { domain, item };
}

/**
 * Publishes new items from lines of JSON, each an item with its `domain`. Lines that cannot be published are told by number and
 * reason; the others are. An item that was published before is replaced, so that the same import may be sent again, as
 * it must be where it fails with `STORE_UNAVAILABLE` half-way.
 *
 * @throws `INVALID_REQUEST` where no line holds anything
 */
export async function importItems(text: string): Promise<ImportReceipt> {
  const problems: ImportReceipt['problems'] = [];
  const byDomain = new Map<string, Map<string, Line>>();
  const refuse = (line: number, error: unknown) => {
    if (!(error instanceof InkpickError)) throw error;
    problems.push({ line, reason: error.message });
  };
  let lines = 0;
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    lines++;
    const number = index + 1;
    try {
      const { domain, item } = readLine(line);
      const items = byDomain.get(domain) ?? new Map<string, Line>();
      byDomain.set(domain, items);
      const before = items.get(item.id);
      if (before)
        problems.push({ line: number, reason: `Line ${before.number} has the id ${quote(item.id)} already.` });
      else items.set(item.id, { number, item });
    } catch (error) {
      refuse(number, error);
    }
  }
  if (lines === 0) {
    throw new InkpickError(
      'INVALID_REQUEST',
      'The body holds no line; each is to be an item as JSON, with its domain.',
    );
  }

  const published: ImportReceipt['published'] = [];
  for (const [domain, items] of byDomain) {
    let engine: Engine;
    try {
      engine = await getEngine(domain);
    } catch (error) {
      for (const { number } of items.values()) refuse(number, error);
      continue;
    }
    await renewAdditions(engine);
    const free: NewItem[] = [];
    for (const { number, item } of items.values()) {
      if (isBuiltIn(engine, item.id)) {
        problems.push({ line: number, reason: `The catalog of ${domain} has ${quote(item.id)} already.` });
      } else free.push(item);
    }
    let revision = 0;
    for (let from = 0; from < free.length; from += ITEMS_AT_ONCE) {
      revision = await publishItems(engine, free.slice(from, from + ITEMS_AT_ONCE));
    }
    if (free.length > 0) published.push({ domain, items: free.length, revision });
  }
  problems.sort((a, b) => a.line - b.line);
  return { lines, published, rejected: problems.length, problems: problems.slice(0, PROBLEMS_TOLD) };
}
