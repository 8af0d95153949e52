import type { IngestReport } from '../ingest-report';
import type { RawFolder } from '../raw-folder';
import { distinct } from '../text';
import type { Song, SourceSong } from './songs';

export const PLAYLISTS = 'train.txt';
/** The first two lines list the ids and counts of the songs. */
const HEADER_LINES = 2;

export interface Playlist {
  user: string;
  /** Ids of its songs in order, each once. */
  items: number[];
}

/** Reads the playlists, and counts playlists per song and plays per form of its name. */
export async function readPlaylists(
  folder: RawFolder,
  bySource: readonly (SourceSong | undefined)[],
  report: IngestReport,
): Promise<Playlist[]> {
  const playlists: Playlist[] = [];
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
