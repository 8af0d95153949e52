import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { designCover } from './design';
import { contrast, MIN_TEXT_CONTRAST, PALETTES } from './palettes';
import { titleSize } from './title-size';

describe('covers', () => {
  it('compute contrast as WCAG defines it', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });

  it.each(PALETTES)('have a readable title in $ink on $ground', (palette) => {
    expect(contrast(palette.ground, palette.ink)).toBeGreaterThanOrEqual(MIN_TEXT_CONTRAST);
  });

  it('have a readable title and a visible drawing', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (id, tag) => {
        const { palette, shapes } = designCover(id, [tag]);
        expect(contrast(palette.ground, palette.ink)).toBeGreaterThanOrEqual(MIN_TEXT_CONTRAST);
        for (const { fill } of shapes) expect(contrast(palette[fill], palette.ground)).toBeGreaterThan(1.2);
      }),
    );
  });

  it('are the same for the same item, with valid numbers in their paths', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string(), { maxLength: 3 }), (id, tags) => {
        const design = designCover(id, tags);
        expect(designCover(id, tags)).toEqual(design);
        expect(design.shapes.length).toBeGreaterThan(0);
        for (const { d } of design.shapes) expect(d).not.toMatch(/NaN|Infinity|undefined|e-/);
      }),
    );
  });

  it('take their colours from the tags', () => {
    const inks = (id: string, tag: string) =>
      Object.values(designCover(id, [tag]).palette)
        .sort()
        .join();
    const westerns = new Set(Array.from({ length: 40 }, (_, i) => inks(`id${i}`, 'Western')));
    expect(westerns.size).toBe(1);
    expect(inks('id1', 'western')).toBe(inks('id1', 'Western'));
    const mixed = Array.from({ length: 40 }, (_, i) => designCover(`id${i}`, ['Western', 'Comedy', 'War']).palette);
    const allowed = new Set(['Western', 'Comedy', 'War'].map((tag) => inks('x', tag)));
    expect(new Set(mixed.map((palette) => Object.values(palette).sort().join()))).toEqual(allowed);
  });

  it('vary the drawing within a tag', () => {
    const drawings = new Set(Array.from({ length: 60 }, (_, i) => designCover(`id${i}`, ['Western']).shapes[0].d));
    expect(drawings.size).toBeGreaterThan(40);
  });

  it('have large short titles, small long ones, and unbroken words', () => {
    expect(titleSize('Heat')).toBe(15);
    expect(titleSize('Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb')).toBeLessThan(9);
    expect(titleSize('Koyaanisqatsi')).toBeLessThan(titleSize('Casablanca'));
    expect(titleSize('千と千尋の神隠し')).toBeGreaterThan(10);
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), (title) => {
        const size = titleSize(title);
        expect(size >= 6 && size <= 15).toBe(true);
      }),
    );
  });
});
