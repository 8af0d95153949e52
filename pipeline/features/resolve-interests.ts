import type { DomainConfig, ItemRow } from '../../lib/contracts/domain-folder';
import type { Manifest } from '../../lib/contracts/manifest';
import type { ContentColumns } from '../../lib/format/content';
import { cardTagField } from './card-field';

const MAX_INTERESTS = 16;
/** Items listed per interest: enough for a first list of any length. */
const ITEMS_PER_INTEREST = 200;
/** Values that have more than this share of likes in common are one interest. */
const MAX_OVERLAP = 0.75;

interface InterestSource {
  label: string;
  field: string;
  values: string[];
}

/**
 * Resolves the interests that the survey offers to terms and items. They come from `domain.json`. If it has none, up to
 * 16 values of the card field are chosen: most liked values first, without values whose items are nearly those of a
 * value already chosen.
 *
 * @param items in catalog order
 * @param popularity likes by row
 * @param content terms of the same items
 */
export function resolveInterests(
  config: DomainConfig,
  items: readonly ItemRow[],
  popularity: Uint32Array,
  content: ContentColumns,
): Manifest['interests'] {
  const cardField = cardTagField(config) ?? '';
  const sources =
    config.interests?.map((interest) =>
      typeof interest === 'string' ? { label: interest, field: cardField, values: [interest] } : interest,
    ) ?? chooseValues(config, items, popularity);
  const fieldNumber = new Map(content.fields.map(({ name }, number) => [name, number]));
  const termOf = new Map(
    content.terms.map((term, number) => [`${content.termFields[number]}\t${term.toLowerCase()}`, number]),
  );
  const taken = new Set<string>();
  return sources.flatMap(({ label, field, values }) => {
    const rows = rowsWith(items, field, new Set(values));
    if (rows.length === 0) return [];
    const terms = values.flatMap((value) => termOf.get(`${fieldNumber.get(field)}\t${value.toLowerCase()}`) ?? []);
    return [{ id: uniqueSlug(label, taken), label, terms, items: rows.slice(0, ITEMS_PER_INTEREST) }];
  });
}

function chooseValues(config: DomainConfig, items: readonly ItemRow[], popularity: Uint32Array): InterestSource[] {
  const field = cardTagField(config);
  if (!field) return [];
  const excluded = new Set(['', ...(config.notInterests ?? [])]);
  const likes = new Map<string, number>();
  items.forEach((item, row) => {
    for (const value of item.tags?.[field] ?? [])
      if (!excluded.has(value.trim())) likes.set(value, (likes.get(value) ?? 0) + popularity[row]);
  });
  const ranked = [...likes].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([value]) => value);
  const chosen: { value: string; rows: Set<number> }[] = [];
  for (const value of ranked) {
    if (chosen.length === MAX_INTERESTS) break;
    const rows = new Set(rowsWith(items, field, new Set([value])));
    const likesOf = (set: Iterable<number>) => {
      let sum = 0;
      for (const row of set) sum += popularity[row];
      return sum;
    };
    const own = likesOf(rows);
    const isRepetition = chosen.some((other) => {
      const common = likesOf([...rows].filter((row) => other.rows.has(row)));
      return common > MAX_OVERLAP * own && common > MAX_OVERLAP * likesOf(other.rows);
    });
    if (!isRepetition) chosen.push({ value, rows });
  }
  return chosen.map(({ value }) => ({ label: value, field, values: [value] }));
}

function rowsWith(items: readonly ItemRow[], field: string, values: Set<string>): number[] {
  return items.flatMap((item, row) => ((item.tags?.[field] ?? []).some((value) => values.has(value)) ? [row] : []));
}

/** A slug with a number if the plain one is taken: "C++" and "C#" have the same. */
function uniqueSlug(label: string, taken: Set<string>): string {
  const own = slug(label);
  let id = own;
  for (let number = 2; taken.has(id); number++) id = `${own}-${number}`;
  taken.add(id);
  return id;
}

function slug(label: string): string {
  const ascii = label
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '-');
  return ascii.replace(/^-+|-+$/g, '') || 'interest';
}
