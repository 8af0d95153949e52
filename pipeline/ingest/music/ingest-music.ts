import type { z } from 'zod';
import type { DomainConfig, domainConfigSchema, ItemRow } from '../../../lib/contracts/domain-folder';
import { InkpickError } from '../../../lib/contracts/errors';
import { DomainFolderWriter } from '../../domain-folder/write';
import { chooseInterests } from '../choose-interests';
import type { IngestOptions } from '../options';
import { RawFolder } from '../raw-folder';
import type { BuildReport } from '../report';
import { Spellings } from '../spellings';
import { distinct, getOrSet } from '../text';
import { artistKey, readSongName, type SongName, songKey } from './song-name';
import { foldSongTag, isGenre } from './song-tags';

const SONGS = 'song_hash.txt';
const SONG_TAGS = 'tags.txt';
const TAG_NAMES = 'tag_hash.txt';
const PLAYLISTS = 'train.txt';
/** The playlists start below two lines of the songs' ids and counts. */
const HEADER_LINES = 2;
/** How many tags a song without its own takes from its artist's, and on what share of their songs those have to be. */
const MOST_ARTIST_TAGS = 8;
const LEAST_ARTIST_SHARE = 0.2;
/** Other names of a merged song that are kept. */
const MOST_OTHER_TITLES = 3;

const MUSIC = {
  id: 'music',
  label: 'Music',
  item: { one: 'song', many: 'songs' },
  verb: 'hear',
  users: 'playlists',
  fields: [
    { name: 'tags', kind: 'tags', weight: 1, show: true },
    { name: 'creators', kind: 'tags', weight: 1.5 },
    { name: 'title', kind: 'text', weight: 0.3 },
  ],
  links: {},
  minUserInteractions: 2,
  minItemInteractions: 3,
  // Found by `inkpick tune`, which takes longer than the training itself.
  training: {
    latent: { unobservedWeight: 0.3, regularization: 0.001 },
    neighbours: { neighbours: 100, regularization: 30, dropout: 2 },
  },
} satisfies z.input<typeof domainConfigSchema>;
const INTERESTS = { count: 16, mostOverlap: 0.6, mostShare: 0.3 };

interface Song {
  /** The smallest of the source's numbers that mean it. */
  id: number;
  /** The forms in which its name occurs. */
  forms: Map<string, SongForm>;
  tags: Set<string>;
  playlists: number;
}

interface SongForm {
  name: SongName;
  plays: number;
}

/** What a number of the source means. */
interface SourceSong {
  song: Song;
  form: SongForm;
}

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
  const tags = songs.map((song) => tagsOf(song, artistTags));
  const config = { ...MUSIC, interests: drawInterests(tags), notInterests: notGenres(tags) };

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

function toItem(song: Song, tags: string[], artists: Spellings): ItemRow {
  const name = usualName(song);
  const { title } = name;
  const creators = distinct(creatorsOf(name).map((person) => artists.usual(person)));
  const otherTitles = [...song.forms.values()].flatMap(({ name }) => [name.title, name.fullTitle ?? name.title]);
  const aka = distinct(otherTitles.filter((other) => other !== title)).slice(0, MOST_OTHER_TITLES);
  return {
    id: String(song.id),
    title,
    ...(aka.length === 0 ? {} : { aka }),
    ...(creators.length === 0 ? {} : { creators }),
    ...(tags.length === 0 ? {} : { tags: { tags } }),
  };
}

interface SourceRow {
  id: number;
  title: string;
  artist: string;
}

async function readSongs(
  folder: RawFolder,
  report: BuildReport,
): Promise<{ songs: Song[]; bySource: (SourceSong | undefined)[]; artists: Spellings }> {
  const rows: SourceRow[] = [];
  for await (const line of folder.lines(SONGS)) {
    report.read(SONGS);
    const [id, title, artist, ...rest] = line.split('\t');
    if (!/^\d+\s*$/.test(id) || artist === undefined || rest.length > 0) {
      report.dropped(SONGS, 'not id, title and artist', line);
      continue;
    }
    rows.push({ id: Number(id), title, artist });
  }
  rows.sort((a, b) => a.id - b.id);

  const artistKeys = new Set(rows.map(({ artist }) => artistKey(artist)));
  const artists = new Spellings(artistKey);
  const byKey = new Map<string, Song>();
  const bySource: (SourceSong | undefined)[] = [];
  for (const { id, title, artist } of rows) {
    const shown = `${title.trim()} | ${artist.trim()}`;
    const name = readSongName(title, artist, (key) => artistKeys.has(key));
    if (name === undefined) {
      report.dropped(SONGS, title.trim() === '' ? 'empty title' : 'a dash or a station mark for a title', shown);
      continue;
    }
    for (const repair of name.repairs) report.repaired(SONGS, repair, shown);
    for (const person of creatorsOf(name)) artists.add(person);
    const key = songKey(name);
    if (byKey.has(key)) report.repaired(SONGS, 'merged with an earlier row of the same song', shown);
    const song = getOrSet(byKey, key, () => ({ id, forms: new Map(), tags: new Set<string>(), playlists: 0 }));
    const form = getOrSet(song.forms, [name.title, name.artist, ...name.featured].join('\t'), () => ({
      name,
      plays: 0,
    }));
    bySource[id] = { song, form };
  }
  return { songs: [...byKey.values()], bySource, artists };
}

function creatorsOf({ artist, featured }: SongName): string[] {
  return artist === '' ? featured : [artist, ...featured];
}

/** The form most often played; between equals the first. */
function usualName(song: Song): SongName {
  return [...song.forms.values()].reduce((best, form) => (form.plays > best.plays ? form : best)).name;
}

async function readTags(folder: RawFolder, bySource: (SourceSong | undefined)[], report: BuildReport): Promise<void> {
  const names = new Map<string, string | undefined>();
  for await (const line of folder.lines(TAG_NAMES)) {
    const match = /^(\d+),\s*(.+)$/.exec(line);
    if (match === null) continue;
    report.read(TAG_NAMES);
    const name = foldSongTag(match[2]);
    if (name === undefined) report.dropped(TAG_NAMES, 'no genre, mood, era or sound', match[2]);
    else if (name !== match[2].trim())
      report.repaired(TAG_NAMES, 'folded into another spelling', `${match[2]} → ${name}`);
    names.set(match[1], name);
  }
  let id = -1;
  for await (const line of folder.lines(SONG_TAGS)) {
    id++;
    report.read(SONG_TAGS);
    const song = bySource[id]?.song;
    if (song === undefined || line.trim() === '#' || line.trim() === '') continue;
    for (const number of line.trim().split(/\s+/)) {
      if (!names.has(number)) report.dropped(SONG_TAGS, `tag that ${TAG_NAMES} does not name`, number);
      const name = names.get(number);
      if (name !== undefined) song.tags.add(name);
    }
  }
  if (id + 1 < bySource.length) {
    throw new InkpickError(
      'INVALID_REQUEST',
      `${SONG_TAGS} has ${id + 1} lines, but ${SONGS} has songs up to number ${bySource.length - 1}.`,
    );
  }
}

/** Tags of each artist's own songs by the share of the songs that have them, by the artist's key. */
function countArtistTags(songs: Song[]): Map<string, Map<string, number>> {
  const artists = new Map<string, { songs: number; tags: Map<string, number> }>();
  for (const song of songs) {
    const { artist: name } = usualName(song);
    if (song.tags.size === 0 || name === '') continue;
    const artist = getOrSet(artists, artistKey(name), () => ({
      songs: 0,
      tags: new Map<string, number>(),
    }));
    artist.songs++;
    for (const tag of song.tags) artist.tags.set(tag, (artist.tags.get(tag) ?? 0) + 1);
  }
  return new Map(
    [...artists].map(([key, { songs, tags }]) => [key, new Map([...tags].map(([tag, count]) => [tag, count / songs]))]),
  );
}

/** A song's own tags, else its artist's: genres first, and before others those that the artist is known for. */
function tagsOf(song: Song, artistTags: Map<string, Map<string, number>>): string[] {
  const shares = artistTags.get(artistKey(usualName(song).artist)) ?? new Map<string, number>();
  const tags =
    song.tags.size > 0
      ? [...song.tags]
      : [...shares].filter(([, share]) => share >= LEAST_ARTIST_SHARE).map(([tag]) => tag);
  const rank = (tag: string) => (isGenre(tag) ? 1 : 0) + (shares.get(tag) ?? 0) / 2;
  tags.sort((a, b) => rank(b) - rank(a) || (a < b ? -1 : 1));
  return song.tags.size > 0 ? tags : tags.slice(0, MOST_ARTIST_TAGS);
}

function drawInterests(tags: string[][]): NonNullable<DomainConfig['interests']> {
  const items = new Map<string, number[]>();
  for (const [index, list] of tags.entries()) {
    for (const tag of list) if (isGenre(tag)) getOrSet(items, tag, () => []).push(index);
  }
  const candidates = [...items].map(([value, items]) => ({ value, items }));
  return chooseInterests(candidates, INTERESTS).map((value) => ({
    label: value.slice(0, 1).toUpperCase() + value.slice(1),
    field: 'tags',
    values: [value],
  }));
}

function notGenres(tags: string[][]): string[] {
  return distinct(tags.flat().filter((tag) => !isGenre(tag))).sort();
}

async function readPlaylists(
  folder: RawFolder,
  bySource: (SourceSong | undefined)[],
  report: BuildReport,
): Promise<{ user: string; items: number[] }[]> {
  const playlists: { user: string; items: number[] }[] = [];
  let line = 0;
  for await (const text of folder.lines(PLAYLISTS)) {
    if (line++ < HEADER_LINES) continue;
    report.read(PLAYLISTS);
    const numbers = text.trim() === '' ? [] : text.trim().split(/\s+/);
    if (numbers.length === 0) {
      report.dropped(PLAYLISTS, 'blank line');
      continue;
    }
    const songs: Song[] = [];
    for (const number of numbers) {
      const source = bySource[Number(number)];
      if (source === undefined) {
        report.dropped(PLAYLISTS, 'play of a song that was dropped', number);
        continue;
      }
      source.form.plays++;
      songs.push(source.song);
    }
    const played = distinct(songs);
    if (played.length === 0) {
      report.dropped(PLAYLISTS, 'playlist without a known song', text);
      continue;
    }
    for (const song of played) song.playlists++;
    playlists.push({ user: `p${playlists.length}`, items: played.map(({ id }) => id) });
  }
  return playlists;
}
