/** An id of another catalog is told from a word by a digit and a letter, as in `tt0111161`. */
const BARE_ID = /^(?=[^\s]*\d)(?=[^\s]*\p{L})[\p{L}\p{N}_-]{5,}$/u;
const PROTOCOL_AND_WWW = /^(?:https?:\/\/)?(?:www\.|m\.)?/i;

interface AddressPattern {
  /** The key of the external id, or `id`. */
  key: string;
  /** Lower case, without protocol and `www`. */
  prefix: string;
}

/** Finds ids in what was typed or pasted: an id of another catalog, or the address of an item's page there. */
export class KnownIds {
  private readonly patterns: readonly AddressPattern[];

  /** @param templates the link templates of a domain, such as `https://www.imdb.com/title/{imdb}/` */
  constructor(templates: Record<string, string>) {
    this.patterns = Object.values(templates).flatMap((template) => {
      const name = /\{([^{}]+)\}/.exec(template);
      if (!name) return [];
      return [{ key: name[1], prefix: withoutProtocol(template.slice(0, name.index)).toLowerCase() }];
    });
  }

  /** Ids that the text may stand for, to be looked up in turn; none for a text that is neither an id nor an address. */
  *idsIn(text: string): Generator<string> {
    const typed = text.trim();
    if (BARE_ID.test(typed)) yield typed;
    const address = withoutProtocol(typed);
    for (const { key, prefix } of this.patterns) {
      if (!address.toLowerCase().startsWith(prefix)) continue;
      const value = decode(/^[^/?#\s]*/.exec(address.slice(prefix.length))![0]);
      // Pages have addresses such as 278-the-shawshank-redemption.
      for (const id of new Set([value, /^\w*/.exec(value)![0]]))
        if (id !== '') yield key === 'id' ? id : `${key}:${id}`;
    }
  }
}

const withoutProtocol = (address: string): string => address.replace(PROTOCOL_AND_WWW, '');

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
