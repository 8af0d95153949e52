import { hashSeed, mulberry32 } from '../../lib/math/random';
import { DRAWINGS, type Shape } from './drawings';
import { contrast, type Palette, paletteOf, ROLES } from './palettes';

/**
 * Covers made from what is known of an item: its tags choose the colours, the id the drawing. The same item
 * always gets the same cover, on every device. Pure.
 */

export interface CoverDesign {
  palette: Palette;
  shapes: Shape[];
  /** Whether the title stands above the drawing or below it. */
  titleFirst: boolean;
}

/** How many of an item's tags may decide its colours. */
const TELLING_TAGS = 3;

/** The cover of an item: colours by one of its first tags (by the id where it has none), drawing by its id. */
export function designCover(id: string, tags: readonly string[]): CoverDesign {
  const random = mulberry32(hashSeed(id));
  const tag = tags[Math.floor(random() * Math.min(tags.length, TELLING_TAGS))];
  const choices = ROLES[paletteOf(tag ?? id)];
  const palette = choices[Math.floor(random() * choices.length)];
  const drawing = DRAWINGS[Math.floor(random() * DRAWINGS.length)];
  const shapes = drawing(random).map((shape) => visibleOn(palette, shape));
  return { palette, shapes, titleFirst: random() < 0.72 };
}

/** A shape in an ink that can be told from the ground. */
function visibleOn(palette: Palette, shape: Shape): Shape {
  return contrast(palette[shape.fill], palette.ground) < 1.25 ? { ...shape, fill: 'ink' } : shape;
}
