import { describe, expect, it } from 'vitest';
import { profileSchema } from '../../lib/contracts/events';
import { languageOptions, regionOptions } from './locale-options';
import { describeVisitorData, excerptOf, type VisitorData } from './visitor-data';

const labels = new Map([['cinema', 'Films']]);
const nothing: VisitorData = {
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
const rowsOf = (data: Partial<VisitorData>) =>
  Object.fromEntries(
    describeVisitorData({ ...nothing, ...data }, labels).map(({ term, description }) => [term, description]),
  );

describe('describeVisitorData', () => {
  it('gives the date of consent, and says if there are no events', () => {
    expect(rowsOf({})).toEqual({
      Since: '3 November 2026, under a random id',
      'What you did': 'Nothing yet',
      Friends: 'you follow 0, 0 follow you, you share no likes',
    });
  });

  it('counts events by domain, in a fixed order of kinds', () => {
    const events = [
      { domain: 'cinema', kind: 'like' },
      { domain: 'cinema', kind: 'impression' },
      { domain: 'cinema', kind: 'impression' },
      { domain: 'gone', kind: 'a new kind' },
      { domain: 'gone', kind: 'retract' },
    ];
    const expected = { Films: '2 cards shown, 1 like', gone: '1 undo, 1 a new kind' };
    expect(rowsOf({ events })).toMatchObject(expected);
    expect(rowsOf({ events: events.toReversed() })).toMatchObject(expected);
  });

  it('describes names, experiments and friends', () => {
    const rows = rowsOf({
      about: { ...nothing.about, name: 'Ana' },
      experiments: [1],
      sharing: ['cinema'],
      sharedLikes: [1, 2],
      following: 1,
      blocked: 3,
    });
    expect(rows).toMatchObject({
      'Name for friends': 'Ana',
      Experiments: '1 list',
      Friends: 'you follow 1, 0 follow you, 3 blocked, you share 2 likes in Films',
    });
  });
});

describe('excerptOf', () => {
  const events = [1, 2, 3].map((n) => ({ domain: 'cinema', kind: `kind ${n}` }));

  it('shows short lists whole', () => {
    expect(JSON.parse(excerptOf({ ...nothing, events }, 3))).toEqual({ ...nothing, events });
  });

  it('cuts long lists and says how many entries are left out', () => {
    const shown = JSON.parse(excerptOf({ ...nothing, events, sharing: ['cinema'] }, 1));
    expect(shown.events).toEqual([events[0], '… and 2 more; the download has them all']);
    expect(shown.sharing).toEqual(['cinema']);
  });
});

describe('the options of the profile', () => {
  it('have a name for every country and language, each once', () => {
    for (const options of [regionOptions(), languageOptions()]) {
      expect(options.filter(({ value, label }) => label === value || label === '')).toEqual([]);
      expect(new Set(options.map(({ value }) => value)).size).toBe(options.length);
    }
    expect(regionOptions()).toContainEqual({ value: 'NL', label: 'Netherlands' });
    for (const { value: region } of regionOptions()) expect(profileSchema.parse({ region })).toEqual({ region });
    for (const { value: language } of languageOptions())
      expect(profileSchema.parse({ language })).toEqual({ language });
  });
});
