import type { ItemSummary } from '../contracts/engine';
import type { CatalogColumns } from '../format/catalog';

/** A template taken apart: text, name, text, name, …, text. */
interface Link {
  key: string;
  parts: string[];
}

/** The items as people see them, and every name by which one may be asked for. */
export class Catalog {
  readonly size: number;
  readonly columns: CatalogColumns;
  private readonly links: Link[];
  /** Made at the first look-up: most visits ask for few ids, and a map of them all takes a while. */
  private rowsById: Map<string, number> | undefined;
  private rowsByExternal: Map<string, number> | undefined;

  /** @param links templates such as `https://…/{imdb}`; the name in braces is `id` or an external key */
  constructor(columns: CatalogColumns, links: Record<string, string>) {
    this.columns = columns;
    this.links = Object.entries(links).map(([key, template]) => ({ key, parts: template.split(/\{([^{}]+)\}/) }));
    this.size = columns.ids.length;
  }

  /** The row of an item by our own id or, failing that, by any external one, as `tt0111161` or `tmdb:278`. */
  resolve(id: string): number | undefined {
    this.rowsById ??= new Map(this.columns.ids.map((own, row) => [own, row]));
    const own = this.rowsById.get(id);
    if (own !== undefined) return own;
    if (!this.rowsByExternal) {
      this.rowsByExternal = new Map();
      for (const [key, values] of this.columns.external) {
        values.forEach((value, row) => {
          if (value === '') return;
          // Where two systems use the same word for different items, the earlier and more popular one keeps it.
          if (!this.rowsByExternal!.has(value)) this.rowsByExternal!.set(value, row);
          this.rowsByExternal!.set(`${key}:${value}`, row);
        });
      }
    }
    return this.rowsByExternal.get(id);
  }

  creators(row: number): string[] {
    const { creators, creatorNames } = this.columns;
    return Array.from(
      creators.values.subarray(creators.offsets[row], creators.offsets[row + 1]),
      (name) => creatorNames[name],
    );
  }

  year(row: number): number | null {
    return this.columns.years[row] || null;
  }

  summary(row: number): ItemSummary {
    const { columns } = this;
    const external: Record<string, string> = {};
    for (const [key, values] of columns.external) if (values[row] !== '') external[key] = values[row];
    const links: Record<string, string> = {};
    for (const { key, parts } of this.links) {
      let url: string | undefined = parts[0];
      for (let i = 1; i < parts.length && url !== undefined; i += 2) {
        const value = parts[i] === 'id' ? columns.ids[row] : external[parts[i]];
        url = value === undefined ? undefined : url + encodeURIComponent(value) + parts[i + 1];
      }
      if (url !== undefined) links[key] = url;
    }
    return {
      id: columns.ids[row],
      title: columns.titles[row],
      year: this.year(row),
      creators: this.creators(row),
      tags: Array.from(
        columns.tags.values.subarray(columns.tags.offsets[row], columns.tags.offsets[row + 1]),
        (tag) => columns.tagNames[tag],
      ),
      external,
      links,
      popularity: columns.popularity[row],
    };
  }
}
