import { hashSeed, mulberry32 } from '../../lib/math/random';
import { DRAWINGS, type Shape } from './drawings';
import { contrast, type Palette, paletteOf, ROLES } from './palettes';

/**
 * Covers made from an item's data: its tags decide the colours, its id the drawing. An item has the same cover on every
 * device. Pure.
 */

export interface CoverDesign {
  palette: Palette;
  shapes: Shape[];
  /** Whether the title stands above the drawing or below it. */
  titleFirst: boolean;
}

/** How many of an item's tags may decide its colours. */
const MAX_COLOUR_TAGS = 3;

/** WCAG contrast below which a shape is hard to see. */
const MIN_CONTRAST = 1.25;

/** The cover of an item: colours by one of its first tags (by its id without tags), drawing by its id. */
export function designCover(id: string, tags: readonly string[]): CoverDesign {
  const random = mulberry32(hashSeed(id));
  const tag = tags[Math.floor(random() * Math.min(tags.length, MAX_COLOUR_TAGS))];
  const choices = ROLES[paletteOf(tag ?? id)];
  const palette = choices[Math.floor(random() * choices.length)];
  const drawing = DRAWINGS[Math.floor(random() * DRAWINGS.length)];
  const shapes = drawing(random).map((shape) => visibleOn(palette, shape));
  return { palette, shapes, titleFirst: random() < 0.72 };
}

/** The shape in an ink that contrasts with the ground. */
function visibleOn(palette: Palette, shape: Shape): Shape {
  return contrast(palette[shape.fill], palette.ground) < MIN_CONTRAST ? { ...shape, fill: 'ink' } : shape;
}
