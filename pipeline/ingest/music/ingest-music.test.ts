import { expect, test } from 'vitest';
import { ingestFiles } from '../testing';
import { ingestMusic } from './ingest-music';

const FILES = {
  'song_hash.txt.gz': [
    '0 \tGucci Time (w\\/ Swizz Beatz)\tGucci Mane',
    '1 \tWon&t Get Fooled Again\tWho',
    "2 \tWon't Get Fooled Again\tThe Who",
    '3 \t-\t-',
    '4 \tMy Wife\tThe Who ',
    '5 \tGucci Time\tGUCCI MANE',
    '6 \t\tTom Waits',
  ].join('\n'),
  'tags.txt.gz': ['0 3', '1', '2 4', '#', '#', '1', '#'].join('\n'),
  'tag_hash.txt': ['0, hip hop', '1, rap', '2, rock', '3, wjlb-fm', '4, classic rock'].join('\n'),
  'train.txt.gz': ['900 901', '5 4', '2 1 3 2 0 ', '', '3 6 ', '2 2 4 '].join('\n'),
};

test('merges rows of one song under its smallest number and usual name', async () => {
  const { items } = await ingestFiles(ingestMusic, FILES);
  expect([...items.keys()]).toEqual(['0', '1', '4']);
  expect(items.get('0')).toEqual({
    id: '0',
    title: 'Gucci Time',
    aka: ['Gucci Time (w/ Swizz Beatz)'],
    creators: ['Gucci Mane', 'Swizz Beatz'],
    tags: { tags: ['hip-hop', 'rap'] },
  });
  expect(items.get('1')).toMatchObject({ title: "Won't Get Fooled Again", creators: ['The Who'] });
});

test("a song without tags gets its artist's tags", async () => {
  const { items, report } = await ingestFiles(ingestMusic, FILES);
  expect(items.get('4')?.tags?.tags).toEqual(items.get('1')?.tags?.tags);
  expect(items.get('4')?.tags?.tags.toSorted()).toEqual(['classic rock', 'rap', 'rock']);
  expect(report.figures).toMatchObject({ 'items with tags of their own': 2, "items with their artist's tags": 1 });
});

test('playlists keep their order, each song once, and blank and empty ones are counted', async () => {
  const { interactions, report } = await ingestFiles(ingestMusic, FILES);
  expect(interactions).toEqual(['user,item', 'p0,1', 'p0,0', 'p1,1', 'p1,4']);
  expect(report.files['train.txt']).toMatchObject({
    rows: 4,
    dropped: {
      'blank line': { count: 1 },
      'play of a song that was dropped': { count: 3 },
      'playlist without a known song': { count: 1 },
    },
  });
  expect(report.files['song_hash.txt'].dropped).toMatchObject({
    'empty title': { count: 1 },
    'a dash or a station mark for a title': { count: 1 },
  });
});

test('interests are genres of the songs', async () => {
  const { config } = await ingestFiles(ingestMusic, FILES);
  expect(config.minItemInteractions).toBe(3);
  for (const interest of config.interests ?? []) {
    expect(interest).toMatchObject({ field: 'tags' });
    const { values } = interest as { values: string[] };
    expect(['hip-hop', 'rap', 'rock', 'classic rock']).toEqual(expect.arrayContaining(values));
  }
});

test('rejects fewer lines of tags than songs', async () => {
  await expect(ingestFiles(ingestMusic, { ...FILES, 'tags.txt.gz': '0\n1' })).rejects.toThrow(
    'tags.txt has 2 lines, but song_hash.txt has songs up to number 5.',
  );
});
