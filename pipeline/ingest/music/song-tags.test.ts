import { expect, test } from 'vitest';
import { foldSongTag, isGenre } from './song-tags';

test('folds spellings', () => {
  expect(['rnb', 'r&b', 'rb', 'rhythm and blues'].map(foldSongTag)).toEqual(['r&b', 'r&b', 'r&b', 'r&b']);
  expect(['hip hop', 'hiphop', 'Hip-Hop '].map(foldSongTag)).toEqual(['hip-hop', 'hip-hop', 'hip-hop']);
  expect(["80's", '1980s', '80s'].map(foldSongTag)).toEqual(['80s', '80s', '80s']);
});

test('rejects praise, lists and stations', () => {
  for (const tag of ['favorites', 'awesome', 'wjlb-fm', 'seen live', '<3'])
    expect(foldSongTag(tag), tag).toBeUndefined();
});

test('distinguishes genres from moods and eras', () => {
  expect(isGenre('jazz')).toBe(true);
  expect(isGenre('80s')).toBe(false);
  expect(isGenre('sad')).toBe(false);
});
