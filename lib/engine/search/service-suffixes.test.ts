import { expect, it } from 'vitest';
import { readingsOf } from './service-suffixes';

it.each([
  ['Crazy In Love (feat. Jay-Z)', 'Crazy In Love'],
  ['Crazy In Love [feat. Jay-Z]', 'Crazy In Love'],
  ['Crazy In Love feat. Jay-Z', 'Crazy In Love'],
  ['Under Pressure (with David Bowie)', 'Under Pressure'],
  ['Bohemian Rhapsody - Remastered 2011', 'Bohemian Rhapsody'],
  ['Bohemian Rhapsody - 2011 Remaster', 'Bohemian Rhapsody'],
  ['Heroes (2017 Remaster)', 'Heroes'],
  ['Hurt - Live at the Opera', 'Hurt'],
  ['Clocks - Radio Edit', 'Clocks'],
  ['Yesterday - Mono', 'Yesterday'],
  ['Let It Go - From "Frozen" / Soundtrack', 'Let It Go'],
  ['Airplanes (feat. Hayley Williams) - Single Version', 'Airplanes'],
])('%s is read as %s too', (query, bare) => {
  expect(readingsOf(query)).toEqual([query, bare]);
});

it.each([
  'Live and Let Die',
  'Dancing With Myself',
  "(I Can't Get No) Satisfaction",
  'Featuring',
  'Spider-Man - Far',
  '',
])('%s is read as it is', (query) => {
  expect(readingsOf(query)).toEqual([query]);
});
