import type { DomainConfig, ItemRow } from '../../lib/contracts/domain-folder';
import type { Manifest } from '../../lib/contracts/manifest';
import type { ContentColumns } from '../../lib/format/content';

const INTEREST_COUNT = 16;
/** Items listed for an interest: enough for a first list of any length that is asked for. */
const ITEMS_PER_INTEREST = 200;
/** An interest that shares more than this of its likes with one already drawn adds no choice. */
const MOST_OVERLAP = 0.75;

interface Draft {
  label: string;
  field: string;
  values: string[];
}

/** The field whose values are shown on cards: the one marked so, else the first field of tags. */
export function shownField(config: DomainConfig): string | undefined {
  return (config.fields.find(({ show }) => show) ?? config.fields.find(({ kind }) => kind === 'tags'))?.name;
}

/**
 * The interests that the survey offers: those of `domain.json`, else about 16 drawn from the shown field, most liked
 * values first, leaving out values that are nearly the same set of items as one already drawn.
 *
 * @param items in catalog order; @param popularity likes by row
 */
export function drawInterests(
  config: DomainConfig,
  items: readonly ItemRow[],
  popularity: Uint32Array,
  content: ContentColumns,
): Manifest['interests'] {
  const shown = shownField(config) ?? '';
  const drafts =
    config.interests?.map((interest) =>
      typeof interest === 'string' ? { label: interest, field: shown, values: [interest] } : interest,
    ) ?? draw(config, items, popularity);
  const fieldNumber = new Map(content.fields.map(({ name }, number) => [name, number]));
  const termOf = new Map(
    content.terms.map((term, number) => [`${content.termFields[number]}\t${term.toLowerCase()}`, number]),
  );
  const taken = new Set<string>();
  return drafts.flatMap(({ label, field, values }) => {
    const rows = rowsWith(items, field, new Set(values));
    if (rows.length === 0) return [];
    const terms = values.flatMap((value) => termOf.get(`${fieldNumber.get(field)}\t${value.toLowerCase()}`) ?? []);
    return [{ id: uniqueSlug(label, taken), label, terms, items: rows.slice(0, ITEMS_PER_INTEREST) }];
  });
}

function draw(config: DomainConfig, items: readonly ItemRow[], popularity: Uint32Array): Draft[] {
  const field = shownField(config);
  if (!field) return [];
  const left = new Set(['', ...(config.notInterests ?? [])]);
  const likes = new Map<string, number>();
  items.forEach((item, row) => {
    for (const value of item.tags?.[field] ?? [])
      if (!left.has(value.trim())) likes.set(value, (likes.get(value) ?? 0) + popularity[row]);
  });
  const ranked = [...likes].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([value]) => value);
  const drawn: { value: string; rows: Set<number> }[] = [];
  for (const value of ranked) {
    if (drawn.length === INTEREST_COUNT) break;
    const rows = new Set(rowsWith(items, field, new Set([value])));
    const weight = (set: Iterable<number>) => {
      let sum = 0;
      for (const row of set) sum += popularity[row];
      return sum;
    };
    const own = weight(rows);
    const repeats = drawn.some((other) => {
      const shared = weight([...rows].filter((row) => other.rows.has(row)));
      return shared > MOST_OVERLAP * own && shared > MOST_OVERLAP * weight(other.rows);
    });
    if (!repeats) drawn.push({ value, rows });
  }
  return drawn.map(({ value }) => ({ label: value, field, values: [value] }));
}

function rowsWith(items: readonly ItemRow[], field: string, values: Set<string>): number[] {
  return items.flatMap((item, row) => ((item.tags?.[field] ?? []).some((value) => values.has(value)) ? [row] : []));
}

/** A slug that is not taken yet: "C++" and "C#" have the same. */
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
