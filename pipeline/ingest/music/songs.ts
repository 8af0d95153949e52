import type { IngestReport } from '../ingest-report';
import type { RawFolder } from '../raw-folder';
import { Spellings } from '../spellings';
import { getOrSet } from '../text';
import { artistKey, readSongName, type SongName, songKey } from './song-name';

/** The source's songs: number, title and artist. */
export const SONGS = 'song_hash.txt';

export interface Song {
  /** The smallest of the source's numbers for this song. */
  id: number;
  /** The forms of its name that occur. */
  forms: Map<string, SongForm>;
  tags: Set<string>;
  playlists: number;
}

interface SongForm {
  name: SongName;
  plays: number;
}

/** The song and form of one of the source's numbers. */
export interface SourceSong {
  song: Song;
  form: SongForm;
}

export interface Songs {
  songs: Song[];
  /** By the source's number; undefined if its row was dropped. */
  bySource: (SourceSong | undefined)[];
  /** Spellings of all artists. */
  artists: Spellings;
}

interface SourceRow {
  id: number;
  title: string;
  artist: string;
}

/** Reads the songs, and merges rows of the same song. */
export async function readSongs(folder: RawFolder, report: IngestReport): Promise<Songs> {
  const rows = await readRows(folder, report);
  const artistKeys = new Set(rows.map(({ artist }) => artistKey(artist)));
  const artists = new Spellings(artistKey);
  const byKey = new Map<string, Song>();
  const bySource: (SourceSong | undefined)[] = [];
  for (const { id, title, artist } of rows) {
    const example = `${title.trim()} | ${artist.trim()}`;
    const name = readSongName(title, artist, (key) => artistKeys.has(key));
    if (name === undefined) {
      report.dropped(SONGS, title.trim() === '' ? 'empty title' : 'a dash or a station mark for a title', example);
      continue;
    }
    for (const repair of name.repairs) report.repaired(SONGS, repair, example);
    for (const person of creatorsOf(name)) artists.add(person);
    const key = songKey(name);
    if (byKey.has(key)) report.repaired(SONGS, 'merged with an earlier row of the same song', example);
    const song = getOrSet(byKey, key, () => ({ id, forms: new Map(), tags: new Set<string>(), playlists: 0 }));
    const form = getOrSet(song.forms, [name.title, name.artist, ...name.featured].join('\t'), () => ({
      name,
      plays: 0,
    }));
    bySource[id] = { song, form };
  }
  return { songs: [...byKey.values()], bySource, artists };
}

async function readRows(folder: RawFolder, report: IngestReport): Promise<SourceRow[]> {
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
  return rows.sort((a, b) => a.id - b.id);
}

export function creatorsOf({ artist, featured }: SongName): string[] {
  return artist === '' ? featured : [artist, ...featured];
}

/** The most played form of a song's name; of ties the first. */
export function usualName(song: Song): SongName {
  return [...song.forms.values()].reduce((best, form) => (form.plays > best.plays ? form : best)).name;
}
