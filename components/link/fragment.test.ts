import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, PAGE_MODES, type Settings } from '../settings/settings';
import { decodeFragment, encodeFragment, MAX_LINKED_PICKS } from './fragment';

const unit = fc.integer({ min: 0, max: 100 }).map((x) => x / 100);
const settings: fc.Arbitrary<Settings> = fc.record({
  mode: fc.constantFrom(...PAGE_MODES),
  alpha: fc.option(unit, { nil: null }),
  diversity: unit,
  discovery: fc.option(
    fc.integer({ min: -100, max: 100 }).map((x) => x / 100),
    { nil: null },
  ),
});
const id = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
const nothing = { likes: [], dislikes: [], hidden: [], interests: [] };

describe('the fragment', () => {
  it('decodes what it encoded, for any ids', () => {
    fc.assert(
      fc.property(
        settings,
        fc.uniqueArray(id, { maxLength: 20 }),
        fc.nat(20),
        fc.uniqueArray(id),
        (s, ids, cut, interests) => {
          // Hidden items alone are no taste: the fragment leaves them out without a pick or an interest.
          const hidden = cut > 0 && ids.length > 1 ? ids.slice(-1) : [];
          const picked = ids.slice(0, ids.length - hidden.length);
          const taste = { likes: picked.slice(0, cut), dislikes: picked.slice(cut), hidden, interests };
          const decoded = decodeFragment(`#${encodeFragment(s, taste)}`);
          expect(decoded.settings).toEqual(s);
          expect(decoded.taste ?? nothing).toEqual(taste);
        },
      ),
    );
  });

  it('decodes any text to values within their ranges', () => {
    const noise = fc.oneof(
      fc.string(),
      fc.array(
        fc.tuple(
          fc.constantFrom('mode', 'alpha', 'diversity', 'likes', 'dislikes', 'hidden', 'interests', 'x'),
          fc.string(),
        ),
        {
          maxLength: 8,
        },
      ),
    );
    fc.assert(
      fc.property(noise, (value) => {
        const text = typeof value === 'string' ? value : value.map(([k, v]) => `${k}=${v}`).join('&');
        const { settings: s, taste } = decodeFragment(text);
        if (s) {
          expect(PAGE_MODES).toContain(s.mode);
          expect(s.diversity >= 0 && s.diversity <= 1).toBe(true);
          expect(s.alpha === null || (s.alpha >= 0 && s.alpha <= 1)).toBe(true);
        }
        if (taste) {
          const picks = [...taste.likes, ...taste.dislikes, ...taste.hidden];
          expect(new Set(picks).size).toBe(picks.length);
        }
      }),
    );
  });

  it('is readable', () => {
    const text = encodeFragment(
      { mode: 'content', alpha: 0.4, diversity: 0.2, discovery: -0.5 },
      { likes: ['318', '296'], dislikes: ['a,b'], hidden: ['50'], interests: [] },
    );
    expect(text).toBe('mode=content&alpha=0.40&diversity=0.20&discovery=-0.50&likes=318,296&dislikes=a%2Cb&hidden=50');
  });

  it.each(['alpha=2', 'alpha=-1', 'alpha=NaN', 'alpha=1e-1', 'alpha=', 'alpha=0x1', 'alpha=0.5.5'])(
    'leaves α to the engine on "%s"',
    (field) => {
      expect(decodeFragment(`#mode=hybrid&${field}`).settings).toEqual(DEFAULT_SETTINGS);
    },
  );

  it.each(['discovery=2', 'discovery=-1.5', 'discovery=--1', 'discovery=-', 'discovery=+1', 'discovery=NaN'])(
    'leaves discovery to the engine on "%s"',
    (field) => {
      expect(decodeFragment(`#mode=hybrid&${field}`).settings).toEqual(DEFAULT_SETTINGS);
    },
  );

  it('ignores unknown modes, broken escapes, repeated ids and repeated fields', () => {
    expect(decodeFragment('#mode=popular').settings).toBeNull();
    expect(decodeFragment('#likes=%E0%A4%A,1,,1&dislikes=1,2&likes=9').taste).toEqual({
      likes: ['1'],
      dislikes: ['2'],
      hidden: [],
      interests: [],
    });
    expect(decodeFragment('#hidden=1').taste).toBeNull();
    expect(decodeFragment('')).toEqual({ settings: null, taste: null });
  });

  it('leaves out a history that is too long, and keeps the settings', () => {
    const likes = Array.from({ length: MAX_LINKED_PICKS + 1 }, (_, i) => String(i));
    const decoded = decodeFragment(encodeFragment(DEFAULT_SETTINGS, { ...nothing, likes }));
    expect(decoded).toEqual({ settings: DEFAULT_SETTINGS, taste: null });
  });

  it('leaves out hidden items before picks, the oldest first', () => {
    const likes = Array.from({ length: MAX_LINKED_PICKS - 1 }, (_, i) => String(i));
    const withHidden = (some: string[], hidden: string[]) =>
      decodeFragment(encodeFragment(DEFAULT_SETTINGS, { ...nothing, likes: some, hidden })).taste;
    expect(withHidden(likes, ['new', 'old'])).toEqual({ ...nothing, likes, hidden: ['new'] });
    expect(withHidden([...likes, 'last'], ['new'])).toEqual({ ...nothing, likes: [...likes, 'last'] });
  });
});
