import { type ItemRow, itemRowSchema } from '../../lib/contracts/domain-folder';
import { firstFault } from '../../lib/contracts/errors';

/** What became of a row of `items.jsonl`. */
export type ItemReading = { row: ItemRow; changes: string[] } | { fault: string };

/** Without these there is no item. */
const NEEDED = ['id', 'title'];

/**
 * Reads an item as it was meant: null and "" are absent, a number in quotes is a number, a single value is a list of
 * one. A field that still does not fit is left out, not the item.
 *
 * @returns the row and what was changed, in words; or why there is no item
 */
export function readItem(value: unknown): ItemReading {
  const changes: string[] = [];
  let row = isRecord(value) ? repaired(value, changes) : value;
  for (;;) {
    const parsed = itemRowSchema.safeParse(row);
    if (parsed.success) return { row: parsed.data, changes };
    const [issue] = parsed.error.issues;
    const field = String(issue.path[0] ?? '');
    if (!isRecord(row) || NEEDED.includes(field) || !Object.hasOwn(row, field))
      return { fault: firstFault(parsed.error) };
    changes.push(`without "${field}": ${issue.message}`);
    const { [field]: _, ...others } = row;
    row = others;
  }
}

/** How a field is repaired, by what it holds. */
const REPAIRS: Record<string, (value: unknown) => unknown> = {
  aka: toTexts,
  creators: toTexts,
  year: toNumber,
  popularity: toNumber,
  rating: toNumber,
  tags: (value) => mapValues(value, toTexts),
  text: (value) => mapValues(value, toText),
  numbers: (value) => mapValues(value, toNumber),
  external: (value) => mapValues(value, toText),
};

function repaired(row: Record<string, unknown>, changes: string[]): Record<string, unknown> {
  const entries = Object.entries(row).flatMap(([field, value]): [string, unknown][] => {
    if (NEEDED.includes(field)) return [[field, value]];
    if (value === null || value === '') return [];
    const repair = Object.hasOwn(REPAIRS, field) ? REPAIRS[field] : undefined;
    const fitting = repair ? repair(value) : value;
    if (JSON.stringify(fitting) !== JSON.stringify(value)) changes.push(`with a repaired "${field}"`);
    return [[field, fitting]];
  });
  return Object.fromEntries(entries);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Of an object: each value changed, absent ones left out. */
function mapValues(value: unknown, change: (value: unknown) => unknown): unknown {
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(([, own]) => own !== null && own !== '');
  return Object.fromEntries(entries.map(([key, own]) => [key, change(own)]));
}

function toText(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : value;
}

function toTexts(value: unknown): unknown {
  if (!Array.isArray(value)) return typeof value === 'string' || typeof value === 'number' ? [String(value)] : value;
  return value.filter((own) => own !== null && own !== '').map(toText);
}

function toNumber(value: unknown): unknown {
  if (typeof value !== 'string' || value.trim() === '') return value;
  const number = Number(value);
  return Number.isFinite(number) ? number : value;
}
