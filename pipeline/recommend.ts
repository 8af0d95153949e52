import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { z } from 'zod';
import { type HistoryEntry, MAX_HISTORY, type Mode } from '../lib/contracts/engine';
import { InkpickError } from '../lib/contracts/errors';
import type { Engine } from '../lib/engine/engine';
import { type JsonLine, readJsonLines } from './io/json-lines';

/** Ids are text; a number, which many catalogs use, is taken for its digits. */
const itemId = z.union([z.string(), z.number().transform(String)]);
const entrySchema = z.union(
  [
    itemId.transform((item) => ({ item, value: undefined, timestamp: undefined })),
    z.object({ item: itemId, value: z.number().optional(), timestamp: z.number().optional() }),
  ],
  { error: 'must be the id of an item, as "318", or {"item": "318", "value"?: 4.5, "timestamp"?: 1700000000}' },
);
const lineSchema = z.object({
  id: z.union([z.string(), z.number()], { error: 'must be text or a number' }),
  history: z.array(entrySchema),
  candidates: z.array(itemId).optional(),
});

export interface BatchOptions {
  mode: Mode;
  topK: number;
  alpha?: number;
  diversity: number;
  /** From the manifest: values above it are likes. */
  positiveAbove: number | null;
}

export interface BatchReport {
  lines: number;
  /** Lines that could not be read; each gave an empty answer with its error. */
  badLines: number;
  unknownIds: number;
}

/**
 * Answers a file of histories (`{"id", "history", "candidates"?}` a line), one line for one line, in order. Lines are read
 * as fast as answers are taken, so that the length of the file does not matter.
 */
export async function recommendFile(
  engine: Engine,
  path: string,
  out: Writable,
  options: BatchOptions,
): Promise<BatchReport> {
  const report: BatchReport = { lines: 0, badLines: 0, unknownIds: 0 };
  const unreadable = (cause: unknown) => new InkpickError('NOT_FOUND', `cannot read ${path}`, { cause });
  for await (const line of readJsonLines(path, unreadable)) {
    report.lines++;
    const answer = answerLine(engine, line, options, report);
    if (!out.write(`${JSON.stringify(answer)}\n`)) await once(out, 'drain');
  }
  return report;
}

function answerLine(engine: Engine, read: JsonLine, options: BatchOptions, report: BatchReport): unknown {
  if ('fault' in read) {
    report.badLines++;
    return { id: null, items: [], error: `line ${read.line} is ${read.fault}` };
  }
  const parsed = lineSchema.safeParse(read.value);
  if (!parsed.success) {
    report.badLines++;
    const [issue] = parsed.error.issues;
    const id = (read.value as { id?: unknown } | null)?.id ?? null;
    return { id, items: [], error: `line ${read.line}: ${issue.path.join('.') || 'the whole'}: ${issue.message}` };
  }
  const { id, history, candidates } = parsed.data;
  const response = engine.recommend({
    mode: options.mode,
    alpha: options.alpha,
    diversity: options.diversity,
    topK: options.topK,
    history: latest(
      history.map(({ item, value, timestamp }) => ({
        id: item,
        value: preference(value, options.positiveAbove),
        timestamp,
      })),
    ),
    candidates,
    withoutReasons: true,
  });
  report.unknownIds += response.unknown.length;
  return { id, items: response.items.map(({ id: item, score }) => ({ item, score })) };
}

/** The most recent entries, where there are more than the engine takes. */
function latest(history: HistoryEntry[]): HistoryEntry[] {
  if (history.length <= MAX_HISTORY) return history;
  return history.toSorted((a, b) => (a.timestamp ?? 0) - (b.timestamp ?? 0)).slice(-MAX_HISTORY);
}

/**
 * A value in the units of the source as a preference: above the threshold a like; not above two thirds of it a dislike
 * (2 stars where 3.5 divides); between them neither. Without a threshold any
 * interaction is a like, unless its value is below 0.
 */
function preference(value: number | undefined, positiveAbove: number | null): number {
  if (value === undefined) return 1;
  if (positiveAbove === null) return value < 0 ? -1 : 1;
  if (value > positiveAbove) return 1;
  return value <= (2 / 3) * positiveAbove ? -1 : 0;
}
