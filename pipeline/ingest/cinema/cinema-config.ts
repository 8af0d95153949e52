import type { z } from 'zod';
import type { domainConfigSchema } from '../../../lib/contracts/domain-folder';

/** Words that would be embarrassing as a reason under a film's title. They still count for similarity. */
const NOT_NAMED = (
  'abuse anal bestiality breast breasts castration erotic erotica eroticism fetish fetishism fuck genital incest masturbation ' +
  'mindfuck molestation molester mutilation necrophilia nude nudity orgasm orgy paedophilia pedophile pedophilia penis porn ' +
  'porno pornographer pornographic pornography prostitute prostitution rape rapist sex sexploitation sexual sexuality sexy ' +
  'shit suicidal suicide torture unsimulated vagina vaginal whore whorehouse'
).split(' ');

export const CINEMA = {
  id: 'cinema',
  label: 'Cinema',
  item: { one: 'film', many: 'films' },
  verb: 'watch',
  users: 'viewers',
  fields: [
    { name: 'genres', kind: 'tags', weight: 2, show: true },
    { name: 'creators', kind: 'tags', weight: 1 },
    { name: 'cast', kind: 'tags', weight: 1, search: true },
    { name: 'keywords', kind: 'tags', weight: 1 },
    { name: 'userTags', kind: 'tags', weight: 2 },
    { name: 'collection', kind: 'tags', weight: 3 },
    { name: 'companies', kind: 'tags', weight: 0.5 },
    { name: 'countries', kind: 'tags', weight: 0.5 },
    { name: 'languages', kind: 'tags', weight: 0.5 },
    { name: 'title', kind: 'text', weight: 1 },
    { name: 'plot', kind: 'text', weight: 0 },
    { name: 'year', kind: 'number', weight: 1 },
  ],
  notInterests: ['IMAX', 'Drama'],
  notNamed: NOT_NAMED,
  links: { imdb: 'https://www.imdb.com/title/{imdb}/', tmdb: 'https://www.themoviedb.org/movie/{tmdb}' },
  positiveAbove: 3.5,
  minUserInteractions: 5,
  minItemInteractions: 1,
  // Found by `inkpick tune`, which takes longer than the training itself.
  training: {
    latent: { unobservedWeight: 0.3, regularization: 0.003 },
    neighbours: { neighbours: 200, regularization: 50, dropout: 1 },
  },
} satisfies z.input<typeof domainConfigSchema>;
