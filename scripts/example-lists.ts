// Prints, as Markdown, what the hybrid recommends for some well-known items in one or more checkouts:
//
//   npx tsx scripts/example-lists.ts before=../before after=. > lists.md
//
// A checkout needs its artifacts and `node_modules`, for which a link to another one's is enough.
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Engine } from '../lib/engine/engine';

/** What is named: titles that the search box finds first, joined by " + ". A word after @ is an interest. */
const EXAMPLES: Record<string, readonly string[]> = {
  cinema: [
    'Before Sunrise',
    'Toy Story + Moana + Paddington 2',
    'The Conjuring',
    '@western',
    '@western + @comedy',
    'Heat',
    'Alien',
    'Spirited Away',
    'Seven Samurai',
    'Amelie',
    'The Big Lebowski',
    'Parasite 2019',
    'In the Mood for Love',
    'Mad Max: Fury Road',
    'Pride & Prejudice 2005',
    'Alien + The Notebook',
    'Shaun of the Dead',
  ],
  music: [
    'Enter Sandman',
    'Crazy In Love',
    'Yellow Coldplay',
    'Hey Jude Beatles',
    'Jolene Dolly Parton',
    "What's Going On Marvin Gaye",
    'Ring of Fire Johnny Cash',
    'Smells Like Teen Spirit',
    'Poker Face Lady Gaga',
    'Stairway to Heaven Led Zeppelin',
    'Lose Yourself Eminem',
    'No Woman No Cry Bob Marley',
    'Crazy In Love + Enter Sandman',
  ],
  courses: [
    'Machine Learning',
    'Introduction to Psychology',
    'Blockchain Basics',
    'Introduction to Financial Accounting',
    'Programming for Everybody (Getting Started with Python)',
    'Learning How to Learn',
    'Modern Art & Ideas',
    'Introduction to Public Speaking',
    'Write Your First Novel',
    'Fundamentals of Music Theory',
    'Biology Everywhere Foundations',
    'First Step Korean',
    'Machine Learning + First Step Korean',
  ],
};
const SHOWN = 8;

async function open(checkout: string, domain: string): Promise<Engine> {
  const { loadEngineFromFolder } = await import(pathToFileURL(resolve(checkout, 'lib/artifacts/node.ts')).href);
  return loadEngineFromFolder(join(checkout, 'public/artifacts', domain));
}

function listFor(engine: Engine, example: string): string {
  const named = example.split(' + ');
  const history = named
    .filter((name) => !name.startsWith('@'))
    .flatMap((name) => engine.search(name, 1).hits.map(({ id }) => ({ id })));
  const interests = named.filter((name) => name.startsWith('@')).map((name) => name.slice(1));
  const { items } = engine.recommend({ mode: 'hybrid', history, interests, topK: SHOWN });
  const isMusic = engine.info.id === 'music';
  return items.map(({ title, creators }) => (isMusic ? `${title} (${creators[0]})` : title)).join(' · ');
}

const checkouts = process.argv.slice(2).map((argument) => argument.split('=') as [name: string, folder: string]);
for (const [domain, examples] of Object.entries(EXAMPLES)) {
  const engines = await Promise.all(checkouts.map(([, folder]) => open(folder, domain)));
  console.log(`\n### ${engines[0].info.label}\n`);
  console.log(`| named | ${checkouts.map(([name]) => name).join(' | ')} |`);
  console.log(`|---|${checkouts.map(() => '---').join('|')}|`);
  for (const example of examples) {
    const cells = engines.map((engine) => listFor(engine, example).replaceAll('|', '\\|'));
    console.log(`| *${example.replaceAll('@', 'interest: ')}* | ${cells.join(' | ')} |`);
  }
}
