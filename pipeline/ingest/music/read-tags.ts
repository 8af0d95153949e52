import { InkpickError } from '../../../lib/contracts/errors';
import type { IngestReport } from '../ingest-report';
import type { RawFolder } from '../raw-folder';
import { foldSongTag } from './song-tags';
import { SONGS, type SourceSong } from './songs';

/** The numbers of each song's tags, one line per song. */
export const SONG_TAGS = 'tags.txt';
/** The names of the tags. */
export const TAG_NAMES = 'tag_hash.txt';

/**
 * Adds tags to the songs.
 *
 * @throws InkpickError `INVALID_REQUEST` if there are fewer lines of tags than songs
 */
export async function readTags(
  folder: RawFolder,
  bySource: readonly (SourceSong | undefined)[],
  report: IngestReport,
): Promise<void> {
  const names = await readTagNames(folder, report);
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

/** Folded names by number; undefined for tags on the stop list. */
async function readTagNames(folder: RawFolder, report: IngestReport): Promise<Map<string, string | undefined>> {
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
  return names;
}
