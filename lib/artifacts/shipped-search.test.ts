import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../engine/engine';
import { loadEngineFromFolder } from './node';

/** What people type, and the title that should come first, on the shipped catalogs; null for nothing. */
const WANTED: Record<string, readonly (readonly [string, string | null])[]> = {
  cinema: [
    ['Rocky 2', 'Rocky II'],
    ['rocky iii', 'Rocky III'],
    ['godfather 2', 'The Godfather: Part II'],
    ['star trek 2', 'Star Trek II: The Wrath of Khan'],
    ['back to the future part 3', 'Back to the Future Part III'],
    ['Henry 5', 'Henry V'],
    ['twelve angry men', '12 Angry Men'],
    ['oceans 11', "Ocean's Eleven"],
    ['E T', 'E.T. the Extra-Terrestrial'],
    ['AI', 'A.I. Artificial Intelligence'],
    ['LOTR', 'The Lord of the Rings: The Fellowship of the Ring'],
    ['七人の侍', null],
    ['Иди и смотри', null],
    ['となりのトトロ', null],
    ['tt0111161', 'The Shawshank Redemption'],
    ['https://www.imdb.com/title/tt0111161/?ref_=x', 'The Shawshank Redemption'],
    ['https://www.themoviedb.org/movie/278-the-shawshank-redemption', 'The Shawshank Redemption'],
    ['Doctor No', 'Dr. No'],
    ['mister nobody', 'Mr. Nobody'],
    ['Tarkovsky', 'Stalker'],
    ['Fast and Furious', 'The Fast and the Furious'],
    ['Star Wars', 'Star Wars: Episode IV - A New Hope'],
    ['I, Robot', 'I, Robot'],
    ['Malcolm X', 'Malcolm X'],
    ['mash', 'M*A*S*H'],
    ['dune 1984', 'Dune'],
    ['1917', '1917'],
  ],
  music: [
    ['fifty cent', 'Down On Me'],
    ['P!nk', 'Raise Your Glass'],
    ['a-ha', 'Take On Me'],
    ['REM', 'Losing My Religion'],
    ['Crazy In Love (feat. Jay-Z)', 'Crazy In Love'],
    ['Bohemian Rhapsody - Remastered 2011', 'Bohemian Rhapsody'],
    ['hurt johnny cash', 'Hurt'],
    ['johnny cash hurt', 'Hurt'],
    ['Queen', 'Bohemian Rhapsody'],
  ],
  courses: [
    ['C#', 'Csharp advanced'],
    ['python', 'Python for Data Science and Machine Learning Bootcamp'],
    ['Machine Learning', 'Machine Learning A-Z™: Hands-On Python & R In Data Science'],
  ],
};

for (const [domain, pairs] of Object.entries(WANTED)) {
  describe(`search in ${domain}`, () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await loadEngineFromFolder(`public/artifacts/${domain}`);
    });

    it.each(pairs)('finds for %s first %s', (query, title) => {
      expect(engine.search(query, 1).hits[0]?.title ?? null).toBe(title);
    });

    it('finds the best-known items first by their own titles, among equals', () => {
      const missed = engine.popular(300).filter(({ id, title }) => {
        const [first] = engine.search(title, 1).hits;
        return first.id !== id && first.title.toLowerCase() !== title.toLowerCase();
      });
      expect(missed.map(({ title }) => title)).toEqual([]);
    });
  });
}
