import { DEFAULT_SETTINGS, PAGE_MODES, roundUnit, type Settings } from '../settings/settings';

/**
 * The page's state in the fragment of its address. A link then shows the same list, and the history never reaches a
 * server: browsers do not send fragments. See docs/adr/0002-state-in-the-fragment.md.
 *
 *     #mode=hybrid&alpha=0.40&diversity=0.20&discovery=0.50&likes=318,296&dislikes=1210&hidden=50&interests=drama
 *
 * Without `alpha` or `discovery` the engine chooses it.
 */

/** The taste that a link carries: ids only, newest first. */
export interface LinkedTaste {
  likes: string[];
  dislikes: string[];
  /** Items that the list leaves out: without them the link would open another list. */
  hidden: string[];
  interests: string[];
}

export interface FragmentState {
  /** Null where the fragment names no mode: the page then keeps its settings. */
  settings: Settings | null;
  /** Null where the fragment carries no pick and no interest. */
  taste: LinkedTaste | null;
}

/** Chat programs cut longer addresses off: with more picks than this, the address carries none. */
export const MAX_LINKED_PICKS = 200;

const MAX_FRAGMENT_LENGTH = 32_768;
const MAX_ID_LENGTH = 200;

const encodeIds = (ids: readonly string[]) => ids.map(encodeURIComponent).join(',');

/** The fragment without its `#`. */
export function encodeFragment(settings: Settings, taste: LinkedTaste): string {
  const parts = [`mode=${settings.mode}`];
  if (settings.alpha !== null) parts.push(`alpha=${roundUnit(settings.alpha).toFixed(2)}`);
  parts.push(`diversity=${roundUnit(settings.diversity).toFixed(2)}`);
  if (settings.discovery !== null) parts.push(`discovery=${roundUnit(settings.discovery).toFixed(2)}`);
  const room = MAX_LINKED_PICKS - taste.likes.length - taste.dislikes.length;
  if (room >= 0) {
    if (taste.likes.length > 0) parts.push(`likes=${encodeIds(taste.likes)}`);
    if (taste.dislikes.length > 0) parts.push(`dislikes=${encodeIds(taste.dislikes)}`);
    // Picks come first: as many hidden items as there is room for.
    if (taste.hidden.length > 0 && room > 0) parts.push(`hidden=${encodeIds(taste.hidden.slice(0, room))}`);
    if (taste.interests.length > 0) parts.push(`interests=${encodeIds(taste.interests)}`);
  }
  return parts.join('&');
}

function decodeId(text: string): string | null {
  try {
    const id = decodeURIComponent(text);
    return id.length > 0 && id.length <= MAX_ID_LENGTH ? id : null;
  } catch {
    return null;
  }
}

/** Ids in their order, without those in `taken`; the ids found are added to `taken`. */
function decodeIds(text: string | undefined, taken: Set<string>): string[] {
  const ids: string[] = [];
  for (const part of text?.split(',') ?? []) {
    const id = decodeId(part);
    if (id === null || taken.has(id)) continue;
    taken.add(id);
    ids.push(id);
  }
  return ids;
}

/** A number in [0, 1] written in plain decimals, else null. */
function decodeUnit(text: string | undefined): number | null {
  if (text === undefined || !/^(?:0?\.\d{1,6}|0|1|1\.0{1,6})$/.test(text)) return null;
  return roundUnit(Number(text));
}

/** A number in [−1, 1] written in plain decimals, else null. */
function decodeSigned(text: string | undefined): number | null {
  const size = decodeUnit(text?.replace(/^-/, ''));
  return size === null || size === 0 || !text?.startsWith('-') ? size : -size;
}

/**
 * Reads any text as a fragment, with or without `#`, and ignores what it does not understand: links are foreign input.
 */
export function decodeFragment(hash: string): FragmentState {
  const fields = new Map<string, string>();
  for (const part of hash.slice(0, MAX_FRAGMENT_LENGTH).replace(/^#/, '').split('&')) {
    const at = part.indexOf('=');
    if (at > 0 && !fields.has(part.slice(0, at))) fields.set(part.slice(0, at), part.slice(at + 1));
  }

  const mode = PAGE_MODES.find((known) => known === fields.get('mode'));
  const settings: Settings | null = mode
    ? {
        mode,
        alpha: decodeUnit(fields.get('alpha')),
        diversity: decodeUnit(fields.get('diversity')) ?? DEFAULT_SETTINGS.diversity,
        discovery: decodeSigned(fields.get('discovery')),
      }
    : null;

  const picked = new Set<string>();
  const likes = decodeIds(fields.get('likes'), picked);
  const dislikes = decodeIds(fields.get('dislikes'), picked);
  const hidden = decodeIds(fields.get('hidden'), picked);
  const interests = decodeIds(fields.get('interests'), new Set());
  const carries = likes.length + dislikes.length + interests.length > 0;
  return { settings, taste: carries ? { likes, dislikes, hidden, interests } : null };
}
