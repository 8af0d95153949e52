import { expect, test } from 'vitest';
import { parseDirectors, resolveSiblings } from './directors';

const cases: [string, string[]][] = [
  ['It is a 1977 film written and directed by George Lucas, produced by Lucasfilm.', ['George Lucas']],
  [
    'A 2010 Western film directed, written, produced, and edited by Joel Coen and Ethan Coen.',
    ['Joel Coen', 'Ethan Coen'],
  ],
  [
    'A comedy directed by the brothers David and Jerry Zucker, and Jim Abrahams in their debuts.',
    ['David Zucker', 'Jerry Zucker', 'Jim Abrahams'],
  ],
  [
    'Directed by Clyde Geronimi, Jack Kinney and James Algar with Ben Sharpsteen.',
    ['Clyde Geronimi', 'Jack Kinney', 'James Algar'],
  ],
  ['A thriller directed by M. Night Shyamalan and starring Bruce Willis.', ['M. Night Shyamalan']],
  ['It was directed by D. W. Griffith. Lillian Gish stars.', ['D. W. Griffith']],
  ['A film directed by Robert Downey, Jr., starring Alyssa Milano.', ['Robert Downey Jr.']],
  [
    'A film directed by Alejandro González Iñárritu, based on a novel by Michael Punke.',
    ['Alejandro González Iñárritu'],
  ],
  ['A thriller directed by Brian De Palma from a screenplay by David Koepp.', ['Brian De Palma']],
  ['A film directed by Florian Henckel von Donnersmarck.', ['Florian Henckel von Donnersmarck']],
  ['A drama directed by Tsai Ming-liang.', ['Tsai Ming-liang']],
  [
    "A film starring Mae Murray and directed by Murray's then-husband Robert Z. Leonard. Based on a story.",
    ['Robert Z. Leonard'],
  ],
  ['A film directed by Academy Award winner Robert Benton.', ['Robert Benton']],
  [
    'A drama directed by, produced by, and starring Orson Welles, Joseph Cotten and Dorothy Comingore.',
    ['Orson Welles'],
  ],
  ['A drama written, directed and starring Woody Allen.', ['Woody Allen']],
  [
    'Buster Keaton stars. It was written and directed by Keaton and Edward F. Cline.',
    ['Buster Keaton', 'Edward F. Cline'],
  ],
  ['The author of Midnight Cowboy. John Frankenheimer directed and John Houseman produced.', ['John Frankenheimer']],
  ['It stars Anthony Perkins, who also directs the film.', ['Anthony Perkins']],
  ['A 1970 action film from director Larry Buchanan.', ['Larry Buchanan']],
  ["The film was George Clooney's directorial debut.", ['George Clooney']],
  ['A film directed by McG.', ['McG']],
  ['A film directed by John Ford, Maureen O’Hara stars.', ['John Ford']],
  ['A film directed by Warner Bros. Pictures.', []],
  ['A documentary about music director John Williams.', []],
  ['It takes place directly after the events of the second film.', []],
  ['', []],
];

test.each(cases)('%s', (extract, expected) => {
  expect(parseDirectors(extract)).toEqual(expected);
});

test('siblings named together are resolved if another film has their names', () => {
  const films = [
    'directed by Joel and Ethan Coen.',
    'directed by the Coen brothers and starring Gabriel Byrne.',
    'directed by the Wachowskis. It stars',
  ].map(parseDirectors);
  expect(resolveSiblings(films)).toEqual([
    ['Joel Coen', 'Ethan Coen'],
    ['Joel Coen', 'Ethan Coen'],
    ['The Wachowskis'],
  ]);
});
