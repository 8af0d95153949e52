import { expect, test } from 'vitest';
import { type FilmTitle, parseFilmTitle } from './film-title';

const cases: [string, FilmTitle][] = [
  ['Toy Story (1995)', { title: 'Toy Story', aka: [], year: 1995 }],
  ['Godfather, The (1972)', { title: 'The Godfather', aka: [], year: 1972 }],
  [
    'City of Lost Children, The (Cité des enfants perdus, La) (1995)',
    { title: 'The City of Lost Children', aka: ['La Cité des enfants perdus'], year: 1995 },
  ],
  [
    "Amelie (Fabuleux destin d'Amélie Poulain, Le) (2001)",
    { title: 'Amelie', aka: ["Le Fabuleux destin d'Amélie Poulain"], year: 2001 },
  ],
  ["Bear, The (Ours, L') (1988)", { title: 'The Bear', aka: ["L'Ours"], year: 1988 }],
  ['Secrets, The (Sodot, Ha-) (2007)', { title: 'The Secrets', aka: ['Ha-Sodot'], year: 2007 }],
  ['Seven (a.k.a. Se7en) (1995)', { title: 'Seven', aka: ['Se7en'], year: 1995 }],
  [
    'Goat, The (a.k.a. Knock On Wood) (Chèvre, La) (1981)',
    { title: 'The Goat', aka: ['Knock On Wood', 'La Chèvre'], year: 1981 },
  ],
  ['Crow, The: Wicked Prayer (2005)', { title: 'The Crow: Wicked Prayer', aka: [], year: 2005 }],
  ['(500) Days of Summer (2009)', { title: '(500) Days of Summer', aka: [], year: 2009 }],
  [
    'Birdman: Or (The Unexpected Virtue of Ignorance) (2014)',
    { title: 'Birdman: Or (The Unexpected Virtue of Ignorance)', aka: [], year: 2014 },
  ],
  ['Babies (Bébé(s)) (2010)', { title: 'Babies', aka: ['Bébé(s)'], year: 2010 }],
  ['Ah Boys To Men (Part 2) (2013)', { title: 'Ah Boys To Men (Part 2)', aka: [], year: 2013 }],
  [
    'Instructions Not Included (No se Aceptan Devoluciones) (2013)',
    { title: 'Instructions Not Included', aka: ['No se Aceptan Devoluciones'], year: 2013 },
  ],
  [
    'The Naked Truth (1957) (Your Past Is Showing)',
    { title: 'The Naked Truth', aka: ['Your Past Is Showing'], year: 1957 },
  ],
  ['Death Note: Desu nôto (2006–2007)', { title: 'Death Note: Desu nôto', aka: [], year: 2006 }],
  ['Skateboarding (1987-1997) (2021)', { title: 'Skateboarding (1987-1997)', aka: [], year: 2021 }],
  [
    'Stolen Collection, (Skradziona kolekcja) (1979)',
    { title: 'Stolen Collection', aka: ['Skradziona kolekcja'], year: 1979 },
  ],
  ['Grayeagle  (1977) ', { title: 'Grayeagle', aka: [], year: 1977 }],
  ['2001: A Space Odyssey (1968)', { title: '2001: A Space Odyssey', aka: [], year: 1968 }],
  ['1984', { title: '1984', aka: [] }],
  ['Paris, Texas (1984)', { title: 'Paris, Texas', aka: [], year: 1984 }],
  [' (2019)', { title: '(2019)', aka: [] }],
];

test.each(cases)('%s', (raw, expected) => {
  expect(parseFilmTitle(raw)).toEqual(expected);
});
