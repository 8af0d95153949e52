/** A template split at its names: text, name, text, name, …, text. */
interface Template {
  key: string;
  parts: string[];
}

/** Where to read on about an item, by the templates of the domain. */
export class ItemLinks {
  private readonly templates: readonly Template[];

  /** @param templates by key, such as `https://…/{imdb}`; the name in braces is `id` or the key of an external id */
  constructor(templates: Record<string, string>) {
    this.templates = Object.entries(templates).map(([key, template]) => ({
      key,
      parts: template.split(/\{([^{}]+)\}/),
    }));
  }

  /** The links of an item, by key; without those that name an id which the item does not have. */
  of(id: string, external: Record<string, string>): Record<string, string> {
    const links: Record<string, string> = {};
    for (const { key, parts } of this.templates) {
      let url: string | undefined = parts[0];
      for (let i = 1; i < parts.length && url !== undefined; i += 2) {
        const value = parts[i] === 'id' ? id : external[parts[i]];
        url = value === undefined ? undefined : url + encodeURIComponent(value) + parts[i + 1];
      }
      if (url !== undefined) links[key] = url;
    }
    return links;
  }
}
