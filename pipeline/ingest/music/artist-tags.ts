import { getOrSet } from '../text';
import { artistKey } from './song-name';
import { isGenre } from './song-tags';
import { type Song, usualName } from './songs';

/** A song without tags gets at most this many of its artist's tags … */
const MAX_ARTIST_TAGS = 8;
/** … and only tags on at least this share of the artist's songs. */
const MIN_ARTIST_SHARE = 0.2;

/** By artist key: each tag of the artist's tagged songs, with the share of these songs that have it. */
export type ArtistTags = ReadonlyMap<string, ReadonlyMap<string, number>>;

export function countArtistTags(songs: readonly Song[]): ArtistTags {
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

/** The tags of a song, or of its artist if it has none: genres first, and the artist's most frequent tags first. */
export function tagsOfSong(song: Song, artistTags: ArtistTags): string[] {
  const shares = artistTags.get(artistKey(usualName(song).artist)) ?? new Map<string, number>();
  const tags =
    song.tags.size > 0
      ? [...song.tags]
      : [...shares].filter(([, share]) => share >= MIN_ARTIST_SHARE).map(([tag]) => tag);
  const rank = (tag: string) => (isGenre(tag) ? 1 : 0) + (shares.get(tag) ?? 0) / 2;
  tags.sort((a, b) => rank(b) - rank(a) || (a < b ? -1 : 1));
  return song.tags.size > 0 ? tags : tags.slice(0, MAX_ARTIST_TAGS);
}
