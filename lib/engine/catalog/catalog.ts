import type { ItemSummary } from '../../contracts/engine';
import type { CatalogColumns } from '../../format/catalog';

/** A template taken apart: text, name, text, name, …, text. */
interface Link {
  key: string;
  parts: string[];
}

/** The items as people see them, and every name by which one may be asked for. */
export class Catalog {
  /** The items of the build; `added` come behind them. */
  readonly columns: CatalogColumns;
  private readonly links: Link[];
  /** Made at the first look-up: most visits ask for few ids, and a map of them all takes a while. */
  private rowsById: Map<string, number> | undefined;
  private rowsByExternal: Map<string, number> | undefined;
  private added: readonly ItemSummary[] = [];
  private addedByName = new Map<string, number>();
  private closed: ReadonlySet<number> = new Set();

  /** @param links templates such as `https://…/{imdb}`; the name in braces is `id` or an external key */
  constructor(columns: CatalogColumns, links: Record<string, string>) {
    this.columns = columns;
    this.links = Object.entries(links).map(([key, template]) => ({ key, parts: template.split(/\{([^{}]+)\}/) }));
  }

  /** How many rows there are, those of added and of withdrawn items included. */
  get size(): number {
    return this.columns.ids.length + this.added.length;
  }

  /** Rows of items that are there no more. */
  get withdrawn(): ReadonlySet<number> {
    return this.closed;
  }

  /**
   * Puts items behind those of the build, in place of any that were put there before, and takes others away: a withdrawn item is
   * resolved by no name.
   *
   * @param added items of which {@link isBuilt} knows none; @param withdrawn own ids
   */
  change(added: readonly ItemSummary[], withdrawn: ReadonlySet<string>): void {
    const first = this.columns.ids.length;
    this.added = added;
    this.addedByName = new Map();
    added.forEach(({ external }, i) => {
      for (const [key, value] of Object.entries(external)) {
        if (!this.addedByName.has(value)) this.addedByName.set(value, first + i);
        this.addedByName.set(`${key}:${value}`, first + i);
      }
    });
    // Own ids before external ones, here too.
    added.forEach(({ id }, i) => {
      this.addedByName.set(id, first + i);
    });
    this.closed = new Set([...withdrawn].flatMap((id) => this.ownRows.get(id) ?? []));
  }

  /** Whether the build has an item of this own id. */
  isBuilt(id: string): boolean {
    return this.ownRows.has(id);
  }

  private get ownRows(): Map<string, number> {
    this.rowsById ??= new Map(this.columns.ids.map((own, row) => [own, row]));
    return this.rowsById;
  }

  /** The row of an item by our own id or, failing that, by any external one, as `tt0111161` or `tmdb:278`. */
  resolve(id: string): number | undefined {
    const row = this.ownRows.get(id) ?? this.externalRow(id) ?? this.addedByName.get(id);
    return row === undefined || this.closed.has(row) ? undefined : row;
  }

  private externalRow(id: string): number | undefined {
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
      creators.columns.subarray(creators.offsets[row], creators.offsets[row + 1]),
      (name) => creatorNames[name],
    );
  }

  year(row: number): number | null {
    return this.columns.years[row] || null;
  }

  id(row: number): string {
    return this.columns.ids[row] ?? this.addedAt(row).id;
  }

  title(row: number): string {
    return this.columns.titles[row] ?? this.addedAt(row).title;
  }

  popularity(row: number): number {
    return this.columns.popularity[row] ?? this.addedAt(row).popularity;
  }

  private addedAt(row: number): ItemSummary {
    return this.added[row - this.columns.ids.length];
  }

  /** Where to read on about an item, by the templates of the domain; those of which a name is missing are left out. */
  linksOf(id: string, external: Record<string, string>): Record<string, string> {
    const links: Record<string, string> = {};
    for (const { key, parts } of this.links) {
      let url: string | undefined = parts[0];
      for (let i = 1; i < parts.length && url !== undefined; i += 2) {
        const value = parts[i] === 'id' ? id : external[parts[i]];
        url = value === undefined ? undefined : url + encodeURIComponent(value) + parts[i + 1];
      }
      if (url !== undefined) links[key] = url;
    }
    return links;
  }

  summary(row: number): ItemSummary {
    const { columns } = this;
    if (row >= columns.ids.length) return this.addedAt(row);
    const external: Record<string, string> = {};
    for (const [key, values] of columns.external) if (values[row] !== '') external[key] = values[row];
    return {
      id: columns.ids[row],
      title: columns.titles[row],
      year: this.year(row),
      creators: this.creators(row),
      tags: Array.from(
        columns.tags.columns.subarray(columns.tags.offsets[row], columns.tags.offsets[row + 1]),
        (tag) => columns.tagNames[tag],
      ),
      external,
      links: this.linksOf(columns.ids[row], external),
      popularity: columns.popularity[row],
    };
  }
}
