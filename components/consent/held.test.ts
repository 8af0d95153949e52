import { describe, expect, it } from 'vitest';
import { profileSchema } from '../../lib/contracts/events';
import { describeHeld, excerptOf, type Held } from './held';
import { languages, regions } from './places';

const labels = new Map([['cinema', 'Films']]);
const nothing: Held = {
  about: { createdAt: '2026-11-03T10:00:00.000Z' },
  opinions: [],
  events: [],
  experiments: [],
  sharing: [],
  sharedLikes: [],
  following: 0,
  followers: 0,
  blocked: 0,
};
const rowsOf = (held: Partial<Held>) =>
  Object.fromEntries(describeHeld({ ...nothing, ...held }, labels).map(({ what, says }) => [what, says]));

describe('what the server holds, in words', () => {
  it('says since when, and that it is nothing so far', () => {
    expect(rowsOf({})).toEqual({
      Since: '3 November 2026, under a random number',
      'What you did': 'Nothing yet',
      Friends: 'you follow 0, 0 follow you, you share no likes',
    });
  });

  it('counts what was done, domain by domain', () => {
    const events = [
      { domain: 'cinema', kind: 'like' },
      { domain: 'cinema', kind: 'impression' },
      { domain: 'cinema', kind: 'impression' },
      { domain: 'gone', kind: 'a new kind' },
      { domain: 'gone', kind: 'retract' },
    ];
    const told = { Films: '2 cards shown, 1 like', gone: '1 change of mind, 1 a new kind' };
    expect(rowsOf({ events })).toMatchObject(told);
    expect(rowsOf({ events: events.toReversed() })).toMatchObject(told);
  });

  it('names what concerns others', () => {
    const held = rowsOf({
      about: { ...nothing.about, name: 'Ana' },
      experiments: [1],
      sharing: ['cinema'],
      sharedLikes: [1, 2],
      following: 1,
      blocked: 3,
    });
    expect(held).toMatchObject({
      'Name for friends': 'Ana',
      Experiments: '1 list',
      Friends: 'you follow 1, 0 follow you, 3 blocked, you share 2 likes in Films',
    });
  });
});

describe('what the server holds, as it stands there', () => {
  const events = [1, 2, 3].map((n) => ({ domain: 'cinema', kind: `kind ${n}` }));

  it('is shown whole where it is short', () => {
    expect(JSON.parse(excerptOf({ ...nothing, events }, 3))).toEqual({ ...nothing, events });
  });

  it('is shown from its beginning where it is long, and says how much more there is', () => {
    const shown = JSON.parse(excerptOf({ ...nothing, events, sharing: ['cinema'] }, 1));
    expect(shown.events).toEqual([events[0], '… and 2 more, all of which are in the download']);
    expect(shown.sharing).toEqual(['cinema']);
  });
});

describe('what a visitor may say of themselves', () => {
  it('has a name for every country and language, each once', () => {
    for (const options of [regions(), languages()]) {
      expect(options.filter(({ value, label }) => label === value || label === '')).toEqual([]);
      expect(new Set(options.map(({ value }) => value)).size).toBe(options.length);
    }
    expect(regions()).toContainEqual({ value: 'NL', label: 'Netherlands' });
    for (const { value: region } of regions()) expect(profileSchema.parse({ region })).toEqual({ region });
    for (const { value: language } of languages()) expect(profileSchema.parse({ language })).toEqual({ language });
  });
});
