import { expect, test } from 'vitest';
import { artistKey, readSongName, songKey } from './song-name';

const artists = new Set(['Wisin & Yandel', 'Stephen Marley', 'Black Thought', 'Frank Sinatra'].map(artistKey));
const read = (title: string, artist: string) => readSongName(title, artist, (key) => artists.has(key));

test('separates guests from the title', () => {
  expect(read('Gucci Time (w\\/ Swizz Beatz)', 'Gucci Mane')).toEqual({
    title: 'Gucci Time',
    artist: 'Gucci Mane',
    featured: ['Swizz Beatz'],
    fullTitle: 'Gucci Time (w/ Swizz Beatz)',
    repairs: ['escaped slash', 'guest artists taken out of the name'],
  });
  expect(read('Haffi Get De Gal Yah (Hot Gal Today) (w\\/ Mr. Vegas) (Krotches Remix)', 'Sean Paul')).toMatchObject({
    title: 'Haffi Get De Gal Yah (Hot Gal Today) (Krotches Remix)',
    featured: ['Mr. Vegas'],
  });
  expect(read('Maria Maria [w\\/ The Product G&B]', 'Santana')).toMatchObject({
    title: 'Maria Maria',
    featured: ['The Product G&B'],
  });
});

test.each([
  ['(w\\/ Drake & Chrisette Michelle)', ['Drake', 'Chrisette Michelle']],
  ['(w\\/ Big Pun, Nas, Jadakiss, & Raekwon)', ['Big Pun', 'Nas', 'Jadakiss', 'Raekwon']],
  ['(w\\/ Stan Kenton & His Orchestra)', ['Stan Kenton & His Orchestra']],
  ['(w\\/ Martha & The Vandellas)', ['Martha & The Vandellas']],
  ['(w\\/ Wisin & Yandel)', ['Wisin & Yandel']],
  ['(w\\/ Stephen Marley and Black Thought)', ['Stephen Marley', 'Black Thought']],
  ['(w\\/ Grover Washington, Jr.)', ['Grover Washington, Jr.']],
  ['(feat. J. Cole)', ['J. Cole']],
])('guests of "Song %s"', (brackets, featured) => {
  expect(read(`Song ${brackets}`, 'Somebody')).toMatchObject({ title: 'Song', featured });
});

test('separates guests from the artist, and handles broken brackets', () => {
  expect(read('Good Vibrations', 'Marky Mark & The Funky Bunch (w\\/ Loleatta Holloway)')).toMatchObject({
    artist: 'Marky Mark & The Funky Bunch',
    featured: ['Loleatta Holloway'],
  });
  expect(read('Shakedown', 'Steve Butler w\\/ Ron Haynes')).toMatchObject({
    artist: 'Steve Butler',
    featured: ['Ron Haynes'],
  });
  expect(read('Strangers (Paranoid) w\\/ Bun B)', 'Reflection Eternal')).toMatchObject({
    title: 'Strangers (Paranoid)',
    featured: ['Bun B'],
  });
  expect(read('One Note Samba (Samba De Uma Nota So w\\/ Jobim)', 'Frank Sinatra')).toMatchObject({
    title: 'One Note Samba (Samba De Uma Nota So)',
    featured: ['Jobim'],
  });
  expect(read('Performance (w\\/ Kierra', 'Jonathan Nelson')).toMatchObject({ title: 'Performance', featured: [] });
  expect(read('Date W/ Ikea', 'Pavement')).toMatchObject({ title: 'Date W/ Ikea', featured: [] });
});

test('replaces an ampersand by an apostrophe only where one belongs', () => {
  const title = (raw: string) => read(raw, 'X')?.title;
  expect(['Don&t Cry', 'I&m Not Jesus', 'Baba O&riley', 'We&re Not Gonna Take It'].map(title)).toEqual([
    "Don't Cry",
    "I'm Not Jesus",
    "Baba O'riley",
    "We're Not Gonna Take It",
  ]);
  expect(['R&B Junkie', 'S&M', 'A&E', 'X&Y', 'Rock & Roll', 'AT&T'].map(title)).toEqual([
    'R&B Junkie',
    'S&M',
    'A&E',
    'X&Y',
    'Rock & Roll',
    'AT&T',
  ]);
  expect(read('Dance D Nite Away', 'Brendon D &amp; Tracy D')).toMatchObject({ artist: 'Brendon D & Tracy D' });
});

test('rejects a song without a title, and accepts one without an artist', () => {
  expect(read('', 'Tom Waits')).toBeUndefined();
  expect(read('-', '-')).toBeUndefined();
  expect(read('MG_DELETED', '-')).toBeUndefined();
  expect(read('Going To A Go-Go', '-')).toMatchObject({ title: 'Going To A Go-Go', artist: '' });
  expect(read('Jaz', 'Various Artists')).toMatchObject({ artist: '' });
  expect(read('1', 'The Cure')).toMatchObject({ title: '1', artist: 'The Cure' });
});

test('corrects mistaken artists', () => {
  expect(read('T.N.T.', 'AC')).toMatchObject({ artist: 'AC/DC' });
});

test('spellings of a song have the same key, different songs do not', () => {
  const key = (title: string, artist: string) => songKey({ title, artist });
  expect(key("Won't Get Fooled Again", 'Who')).toBe(key('WONT GET FOOLED AGAIN', 'The Who'));
  expect(key('Adore', '')).not.toBe(key('Adore', 'Prince'));
  expect(key('Angie (Live)', 'The Rolling Stones')).not.toBe(key('Angie', 'The Rolling Stones'));
});
