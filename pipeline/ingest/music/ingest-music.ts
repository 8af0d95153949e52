import type { DomainConfig, ItemRow } from '../../../lib/contracts/domain-folder';
import { DomainFolderWriter } from '../../domain-folder/write';
import { chooseInterests } from '../choose-interests';
import type { IngestOptions } from '../options';
import { RawFolder } from '../raw-folder';
import type { Spellings } from '../spellings';
import { distinct, getOrSet } from '../text';
import { countArtistTags, tagsOfSong } from './artist-tags';
import { MUSIC, MUSIC_INTERESTS } from './music-config';
import { PLAYLISTS, readPlaylists } from './playlists';
import { readTags, SONG_TAGS, TAG_NAMES } from './read-tags';
import { isGenre } from './song-tags';
import { creatorsOf, readSongs, SONGS, type Song, usualName } from './songs';

/** Other titles that an item of a merged song has. */
const MAX_OTHER_TITLES = 3;

/** Writes the music domain from the Cornell playlist files (yes_complete). */
export async function ingestMusic({ raw, out, report, progress }: IngestOptions): Promise<void> {
  const folder = await RawFolder.open(raw, [SONGS, SONG_TAGS, TAG_NAMES, PLAYLISTS], report);

  progress.start('songs');
  const { songs, bySource, artists } = await readSongs(folder, report);
  progress.start('tags');
  await readTags(folder, bySource, report);
  progress.start('playlists');
  const playlists = await readPlaylists(folder, bySource, report);
  const artistTags = countArtistTags(songs);
  const tags = songs.map((song) => tagsOfSong(song, artistTags));
  const config = { ...MUSIC, interests: interestsOf(tags), notInterests: tagsWithoutGenres(tags) };

  progress.start('writing', songs.length + playlists.length);
  const writer = await DomainFolderWriter.open(out, config, { value: false, timestamp: false });
  try {
    let done = 0;
    for (const [index, song] of songs.entries()) {
      await writer.item(toItem(song, tags[index], artists));
      progress.update(++done);
    }
    let interactions = 0;
    for (const { user, items } of playlists) {
      for (const item of items) await writer.interaction(user, String(item));
      interactions += items.length;
      progress.update(++done);
    }
    report.figure('items', songs.length);
    report.figure('interactions', interactions);
    report.figure('playlists', playlists.length);
    report.figure('items in three playlists or more', songs.filter((song) => song.playlists >= 3).length);
    report.figure('items with tags of their own', songs.filter((song) => song.tags.size > 0).length);
    report.figure(
      "items with their artist's tags",
      songs.filter((song, i) => song.tags.size === 0 && tags[i].length > 0).length,
    );
    await writer.close(report);
  } catch (error) {
    await writer.abandon();
    throw error;
  } finally {
    progress.stop();
  }
}

/** The row of `items.jsonl`. Empty fields are left out. */
function toItem(song: Song, tags: string[], artists: Spellings): ItemRow {
  const name = usualName(song);
  const { title } = name;
  const creators = distinct(creatorsOf(name).map((person) => artists.usual(person)));
  const otherTitles = [...song.forms.values()].flatMap(({ name }) => [name.title, name.fullTitle ?? name.title]);
  const aka = distinct(otherTitles.filter((other) => other !== title)).slice(0, MAX_OTHER_TITLES);
  return {
    id: String(song.id),
    title,
    ...(aka.length === 0 ? {} : { aka }),
    ...(creators.length === 0 ? {} : { creators }),
    ...(tags.length === 0 ? {} : { tags: { tags } }),
  };
}

/** Chooses interests from the genres. */
function interestsOf(tags: readonly string[][]): NonNullable<DomainConfig['interests']> {
  const items = new Map<string, number[]>();
  for (const [index, list] of tags.entries()) {
    for (const tag of list) if (isGenre(tag)) getOrSet(items, tag, () => []).push(index);
  }
  const candidates = [...items].map(([value, items]) => ({ value, items }));
  return chooseInterests(candidates, MUSIC_INTERESTS).map((value) => ({
    label: value.slice(0, 1).toUpperCase() + value.slice(1),
    field: 'tags',
    values: [value],
  }));
}

/** All tags that are not genres, sorted. */
function tagsWithoutGenres(tags: readonly string[][]): string[] {
  return distinct(tags.flat().filter((tag) => !isGenre(tag))).sort();
}
