/** What stands in the fields of the form for a new item. */
export interface DraftFields {
  id: string;
  title: string;
  year: string;
  /** With commas between them. */
  creators: string;
  /** A group a line, as `genres: Drama, War`. */
  tags: string;
}

export const EMPTY_DRAFT: DraftFields = { id: '', title: '', year: '', creators: '', tags: '' };

const listed = (text: string) =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

/**
 * The fields as the item that is sent; whether it is a right one the server says.
 *
 * @throws `Error` with a text that may be shown, for what cannot even be sent as it is meant
 */
export function itemOfFields({ id, title, year, creators, tags }: DraftFields): Record<string, unknown> {
  const groups: [string, string[]][] = tags
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name, ...rest] = line.split(':');
      if (rest.length === 0)
        throw new Error(`Write each line of tags as a name, a colon and words, not “${line.trim()}”.`);
      return [name.trim(), listed(rest.join(':'))];
    });
  const writtenYear = year.trim();
  if (writtenYear !== '' && !/^-?\d{1,4}$/.test(writtenYear)) throw new Error('The year must be a whole number.');
  return {
    id: id.trim(),
    title: title.trim(),
    ...(writtenYear !== '' && { year: Number(writtenYear) }),
    creators: listed(creators),
    tags: Object.fromEntries(groups),
  };
}

/** Items from JSON: one, or a list of them. @throws `Error` with a text that may be shown */
export function itemsOfJson(text: string): unknown[] {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new Error('This is no JSON. Write one item, or a list of items, each with an id and a title.');
  }
  return Array.isArray(data) ? data : [data];
}
