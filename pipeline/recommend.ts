import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { z } from 'zod';
import { type HistoryEntry, MAX_HISTORY, type Mode } from '../lib/contracts/engine';
import { firstFault, InkpickError } from '../lib/contracts/errors';
import type { Engine } from '../lib/engine/engine';
import { type JsonLine, readJsonLines } from './io/json-lines';

/** Ids are text. Numbers, which many catalogs use, are converted. */
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
  discovery?: number;
  /** Lists about the last item of each history, without the others. */
  isSimilar?: boolean;
  /** From the manifest: values above it are likes. */
  positiveAbove: number | null;
}

export interface BatchReport {
  lines: number;
  /** Invalid lines. Each has an output line without items and with an error. */
  badLines: number;
  /** Numbers of the lines that could not be read at all. */
  unreadable: number[];
  /** Ids that the catalog does not have. */
  unknownIds: number;
}

/**
 * Recommends for a file of histories with `{"id", "history", "candidates"?}` on each line, and writes one line per
 * line, in order. Lines are read no faster than output is consumed, so memory does not depend on the size of the file.
 *
 * @throws InkpickError `NOT_FOUND` if the file cannot be read
 */
export async function recommendFile(
  engine: Engine,
  path: string,
  out: Writable,
  options: BatchOptions,
): Promise<BatchReport> {
  const report: BatchReport = { lines: 0, badLines: 0, unreadable: [], unknownIds: 0 };
  const unreadable = (cause: unknown) => new InkpickError('NOT_FOUND', `cannot read ${path}`, { cause });
  for await (const line of readJsonLines(path, unreadable)) {
    report.lines++;
    const result = recommendForLine(engine, line, options, report);
    if (!out.write(`${JSON.stringify(result)}\n`)) await once(out, 'drain');
  }
  return report;
}

/** The output of one line; updates the counts of the report. */
function recommendForLine(engine: Engine, read: JsonLine, options: BatchOptions, report: BatchReport): unknown {
  if ('fault' in read) {
    report.badLines++;
    report.unreadable.push(read.line);
    return { id: null, items: [], error: `line ${read.line} is ${read.fault}` };
  }
  const parsed = lineSchema.safeParse(read.value);
  if (!parsed.success) {
    report.badLines++;
    report.unreadable.push(read.line);
    const id = (read.value as { id?: unknown } | null)?.id ?? null;
    return { id, items: [], error: `line ${read.line}: ${firstFault(parsed.error)}` };
  }
  const { id, history, candidates } = parsed.data;
  const { mode, alpha, diversity, discovery, topK, isSimilar, positiveAbove } = options;
  const request = { diversity, discovery, topK, candidates, withoutReasons: true };
  const seed = history.at(-1)?.item;
  if (isSimilar && (seed === undefined || !engine.knows(seed))) {
    report.badLines++;
    const what = seed === undefined ? 'history: is empty' : `no item ${JSON.stringify(seed)}, the last of the history`;
    return { id, items: [], error: `line ${read.line}: ${what}` };
  }
  const response = isSimilar
    ? engine.similar({ ...request, id: seed!, exclude: history.slice(0, -1).map(({ item }) => item) })
    : engine.recommend({
        ...request,
        mode,
        alpha,
        history: latest(
          history.map(({ item, value, timestamp }) => ({
            id: item,
            value: toPreference(value, positiveAbove),
            timestamp,
          })),
        ),
      });
  report.unknownIds += response.unknown.length;
  return { id, items: response.items.map(({ id: item, score }) => ({ item, score })) };
}

/** The most recent entries if there are more than the engine accepts. */
function latest(history: HistoryEntry[]): HistoryEntry[] {
  if (history.length <= MAX_HISTORY) return history;
  return history.toSorted((a, b) => (a.timestamp ?? 0) - (b.timestamp ?? 0)).slice(-MAX_HISTORY);
}

/**
 * Converts a value in units of the source: 1 (like) above the threshold, −1 (dislike) up to two thirds of it (2 stars
 * for a threshold of 3.5), and 0 in between. Without a threshold every interaction is a like, unless its value is
 * negative.
 */
function toPreference(value: number | undefined, positiveAbove: number | null): number {
  if (value === undefined) return 1;
  if (positiveAbove === null) return value < 0 ? -1 : 1;
  if (value > positiveAbove) return 1;
  return value <= (2 / 3) * positiveAbove ? -1 : 0;
}
