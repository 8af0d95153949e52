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

/** Items per transaction: devices fetch deltas of this size. */
const BATCH_ITEMS = 500;
const MAX_PROBLEMS = 100;

const lineSchema = newItemSchema.extend({ domain: z.string().min(1).max(32) });

interface Line {
  number: number;
  item: NewItem;
}

/** Parses a line. Throws `INVALID_REQUEST` with the reason where it is not valid. */
function readLine(line: string): { domain: string; item: NewItem } {
  let data: unknown;
  try {
    data = JSON.parse(line);
  } catch {
    throw new InkpickError('INVALID_REQUEST', 'The line is not JSON.');
  }
  // Valid in JSON, but PostgreSQL cannot store it.
  if (line.includes('\\u0000')) throw new InkpickError('INVALID_REQUEST', 'The line contains the character U+0000.');
  const { domain, ...item } = parse(lineSchema, data, 'The line');
  return { domain, item };
}

/**
 * Publishes new items from lines of JSON, each an item with its `domain`. Invalid lines are skipped, and reported with
 * number and reason. An item that was published before is replaced, so the same import may be sent again, as it must be
 * when it fails half-way with `STORE_UNAVAILABLE`. Lines of an export (`export.ts`) are valid.
 *
 * @throws `INVALID_REQUEST` where all lines are empty
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
        problems.push({ line: number, reason: `Line ${before.number} already has the id ${quote(item.id)}.` });
      else items.set(item.id, { number, item });
    } catch (error) {
      refuse(number, error);
    }
  }
  if (lines === 0) {
    throw new InkpickError('INVALID_REQUEST', 'The body has no lines; each must be an item as JSON, with its domain.');
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
    const publishable: NewItem[] = [];
    for (const { number, item } of items.values()) {
      if (isBuiltIn(engine, item.id)) {
        problems.push({ line: number, reason: `The catalog of ${domain} already has ${quote(item.id)}.` });
      } else publishable.push(item);
    }
    let revision = 0;
    for (let from = 0; from < publishable.length; from += BATCH_ITEMS) {
      revision = await publishItems(engine, publishable.slice(from, from + BATCH_ITEMS));
    }
    if (publishable.length > 0) published.push({ domain, items: publishable.length, revision });
  }
  problems.sort((a, b) => a.line - b.line);
  return { lines, published, rejected: problems.length, problems: problems.slice(0, MAX_PROBLEMS) };
}
