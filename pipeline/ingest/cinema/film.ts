import type { ItemRow } from '../../../lib/contracts/domain-folder';
import type { FilmTitle } from './film-title';

/** A tag of a film, and who gave it. */
export interface GivenTag {
  tag: string;
  people: ReadonlySet<string>;
}

/** A film as the sources describe it. Each source fills in its own fields. */
export interface Film extends FilmTitle {
  id: string;
  genres: string[];
  imdb?: string;
  tmdb?: string;
  /** Whether the item may have the TMDB id: false if an earlier film has the same one. */
  ownsTmdbId: boolean;
  keywords: string[];
  cast: string[];
  directors: string[];
  plot?: string;
  collection: string[];
  companies: string[];
  countries: string[];
  languages: string[];
  ratings: number;
  /** How many people rated it anywhere, and how well; undefined where unknown. */
  popularity?: number;
  meanRating?: number;
}

/** A film without facts from other sources than MovieLens. */
export function createFilm(id: string, title: FilmTitle, genres: string[]): Film {
  return {
    id,
    ...title,
    genres,
    ownsTmdbId: false,
    keywords: [],
    cast: [],
    directors: [],
    collection: [],
    companies: [],
    countries: [],
    languages: [],
    ratings: 0,
  };
}

/**
 * The row of `items.jsonl`. Empty fields are left out.
 *
 * @param isRater whether a person has ratings. Whose a tag is matters where none but raters gave it
 */
export function toItem(film: Film, userTags: readonly GivenTag[], isRater: (person: string) => boolean): ItemRow {
  const tags = Object.fromEntries(
    Object.entries({
      genres: film.genres,
      keywords: film.keywords,
      cast: film.cast,
      companies: film.companies,
      countries: film.countries,
      languages: film.languages,
      collection: film.collection,
      userTags: userTags.map(({ tag }) => tag),
    }).filter(([, values]) => values.length > 0),
  );
  const ofRaters = userTags.filter(({ people }) => [...people].every(isRater));
  const external = {
    ...(film.imdb === undefined ? {} : { imdb: film.imdb }),
    ...(film.tmdb === undefined || !film.ownsTmdbId ? {} : { tmdb: film.tmdb }),
  };
  return {
    id: film.id,
    title: film.title,
    ...(film.aka.length === 0 ? {} : { aka: film.aka }),
    ...(film.year === undefined ? {} : { year: film.year }),
    ...(film.directors.length === 0 ? {} : { creators: film.directors }),
    tags,
    ...(ofRaters.length === 0
      ? {}
      : { tagUsers: { userTags: Object.fromEntries(ofRaters.map(({ tag, people }) => [tag, [...people]])) } }),
    ...(film.plot === undefined ? {} : { text: { plot: film.plot } }),
    external,
    ...(film.popularity === undefined ? {} : { popularity: film.popularity }),
    ...(film.meanRating === undefined ? {} : { rating: film.meanRating }),
  };
}
