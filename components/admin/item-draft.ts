/** Texts in the form for a new item. */
export interface DraftFields {
  id: string;
  title: string;
  year: string;
  /** Separated by commas. */
  creators: string;
  /** One field per line, as `genres: Drama, War`. */
  tags: string;
}

export const EMPTY_DRAFT: DraftFields = { id: '', title: '', year: '', creators: '', tags: '' };

const splitList = (text: string) =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

/**
 * Converts the fields to an item to send; the server validates it.
 *
 * @throws Error with a message that may be shown, if a field cannot be parsed
 */
export function itemFromFields({ id, title, year, creators, tags }: DraftFields): Record<string, unknown> {
  const groups: [string, string[]][] = tags
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name, ...rest] = line.split(':');
      if (rest.length === 0)
        throw new Error(`Write each line of tags as a name, a colon and values, not “${line.trim()}”.`);
      return [name.trim(), splitList(rest.join(':'))];
    });
  const writtenYear = year.trim();
  if (writtenYear !== '' && !/^-?\d{1,4}$/.test(writtenYear)) throw new Error('The year must be a whole number.');
  return {
    id: id.trim(),
    title: title.trim(),
    ...(writtenYear !== '' && { year: Number(writtenYear) }),
    creators: splitList(creators),
    tags: Object.fromEntries(groups),
  };
}

/**
 * Parses JSON of one item or a list of items.
 *
 * @throws Error with a message that may be shown
 */
export function itemsFromJson(text: string): unknown[] {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new Error('This is not JSON. Write one item, or a list of items, each with an id and a title.');
  }
  return Array.isArray(data) ? data : [data];
}
