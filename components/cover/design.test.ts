import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { designCover } from './design';
import { contrast, PALETTES, READABLE } from './palettes';
import { titleSize } from './title-size';

describe('covers', () => {
  it('knows contrast', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });

  it.each(PALETTES)('can set a title in $ink on $ground', (palette) => {
    expect(contrast(palette.ground, palette.ink)).toBeGreaterThanOrEqual(READABLE);
  });

  it('is readable, and its drawing can be seen', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (id, tag) => {
        const { palette, shapes } = designCover(id, [tag]);
        expect(contrast(palette.ground, palette.ink)).toBeGreaterThanOrEqual(READABLE);
        for (const { fill } of shapes) expect(contrast(palette[fill], palette.ground)).toBeGreaterThan(1.2);
      }),
    );
  });

  it('is the same for the same item, and stays in its box of numbers', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string(), { maxLength: 3 }), (id, tags) => {
        const design = designCover(id, tags);
        expect(designCover(id, tags)).toEqual(design);
        expect(design.shapes.length).toBeGreaterThan(0);
        for (const { d } of design.shapes) expect(d).not.toMatch(/NaN|Infinity|undefined|e-/);
      }),
    );
  });

  it('takes its colours from its tags', () => {
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

  it('varies the drawing within a tag', () => {
    const drawings = new Set(Array.from({ length: 60 }, (_, i) => designCover(`id${i}`, ['Western']).shapes[0].d));
    expect(drawings.size).toBeGreaterThan(40);
  });

  it('sizes titles: short ones large, long ones small, long words never broken', () => {
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
