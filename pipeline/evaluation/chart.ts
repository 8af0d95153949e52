import { MAX_NDCG_LOSS } from './diversity';
import { fraction } from './format';
import type { Evaluation } from './schema';

const WIDTH = 680;
const HEIGHT = 420;
const FRAME = { left: 72, right: 28, top: 60, bottom: 58 };
/** Approximate number of ticks per axis. */
const TICKS = 5;

/**
 * Draws NDCG@10 against intra-list diversity as λ falls from 1, as an SVG with a light and a dark colour scheme. The
 * dashed line is the lowest NDCG@10 that is acceptable for a default.
 */
export function diversityChart({ domain, diversity: { points, inForce, largest } }: Evaluation): string {
  const floor = (1 - MAX_NDCG_LOSS) * points[0].ndcg10.mean;
  const x = scale(
    points.map(({ diversity20 }) => diversity20.mean),
    FRAME.left,
    WIDTH - FRAME.right,
  );
  const y = scale([...points.map(({ ndcg10 }) => ndcg10.mean), floor], HEIGHT - FRAME.bottom, FRAME.top);
  const line = points.map(({ diversity20, ndcg10 }) => `${x.at(diversity20.mean)},${y.at(ndcg10.mean)}`).join(' ');
  const [left, right, bottom] = [FRAME.left, WIDTH - FRAME.right, HEIGHT - FRAME.bottom];
  const title = escapeXml(domain.label);
  const marks = points.map(({ diversity, diversity20, ndcg10 }) => {
    const [cx, cy] = [x.at(diversity20.mean), y.at(ndcg10.mean)];
    const isDefault = diversity === inForce;
    const circle = `<circle class="${isDefault ? 'default' : 'point'}" cx="${cx}" cy="${cy}" r="${isDefault ? 6 : 4}"/>`;
    const names = [...(isDefault ? ['default'] : []), ...(diversity === largest ? ['largest within 2 %'] : [])];
    if (names.length === 0 && Math.round(100 * diversity) % 10 !== 0) return { circle };
    // Labels of points near the right edge go to the left, where they are not cut off.
    const [dx, dy, anchor] = cx > right - 180 ? [-10, 16, 'end'] : [10, -8, 'start'];
    const text = [`λ ${fraction(1 - diversity, 2)}`, ...names].join(', ');
    const named = names.length > 0 ? ' class="named"' : '';
    return { circle, label: `<text${named} x="${cx + dx}" y="${cy + dy}" text-anchor="${anchor}">${text}</text>` };
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="title">
<title id="title">${title}: NDCG@10 against diversity as λ falls from 1 to ${fraction(1 - points[points.length - 1].diversity, 2)}</title>
<style>
  svg { --paper: #ffffff; --ink: #15172a; --quiet: #5b5d6e; --line: #dddbd0; --accent: #c2331a; font: 13px system-ui, sans-serif; }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #10121f; --ink: #f0ede4; --quiet: #a5a6b4; --line: #2d3148; --accent: #ff7a5e; }
  }
  text { fill: var(--quiet); stroke: var(--paper); stroke-width: 4px; paint-order: stroke; }
  .title { fill: var(--ink); font-size: 16px; }
  .grid { stroke: var(--line); }
  .floor { stroke: var(--quiet); stroke-dasharray: 5 4; }
  .curve { fill: none; stroke: var(--ink); stroke-width: 2; }
  .point { fill: var(--ink); }
  .default { fill: var(--paper); stroke: var(--accent); stroke-width: 3; }
  .named { fill: var(--accent); font-weight: 600; }
</style>
<rect width="${WIDTH}" height="${HEIGHT}" rx="8" fill="var(--paper)"/>
<text class="title" x="${left}" y="30">${title}: relevance against diversity</text>
${x.ticks
  .map(
    (tick) =>
      `<line class="grid" x1="${x.at(tick)}" x2="${x.at(tick)}" y1="${FRAME.top}" y2="${bottom}"/><text x="${x.at(tick)}" y="${bottom + 18}" text-anchor="middle">${tickLabel(tick, x.step)}</text>`,
  )
  .join('\n')}
${y.ticks
  .map(
    (tick) =>
      `<line class="grid" x1="${left}" x2="${right}" y1="${y.at(tick)}" y2="${y.at(tick)}"/><text x="${left - 8}" y="${y.at(tick) + 4}" text-anchor="end">${tickLabel(tick, y.step)}</text>`,
  )
  .join('\n')}
<text x="${(left + right) / 2}" y="${HEIGHT - 14}" text-anchor="middle">intra-list diversity of the first 20</text>
<text transform="translate(20 ${(FRAME.top + bottom) / 2}) rotate(-90)" text-anchor="middle">NDCG@10</text>
<line class="floor" x1="${left}" x2="${right}" y1="${y.at(floor)}" y2="${y.at(floor)}"/>
<text x="${left + 6}" y="${y.at(floor) - 6}">${Math.round(100 * (1 - MAX_NDCG_LOSS))} % of pure relevance</text>
<polyline class="curve" points="${line}"/>
${marks.map(({ circle }) => circle).join('\n')}
${marks.flatMap(({ label }) => label ?? []).join('\n')}
</svg>
`;
}

/** A linear axis from pixel `from` to pixel `to`; its domain is rounded outwards to whole ticks. */
function scale(values: readonly number[], from: number, to: number) {
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const step = roundStep((highest - lowest || Math.abs(highest) || 1) / TICKS);
  const first = Math.floor(lowest / step);
  const last = Math.max(first + 1, Math.ceil(highest / step));
  const at = (value: number) => round(from + ((value / step - first) / (last - first)) * (to - from));
  return { step, at, ticks: Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step) };
}

/** The smallest of 1, 2, 5 times a power of ten that is at least `raw`. */
function roundStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  return power * ([1, 2, 5].find((factor) => factor * power >= raw * (1 - 1e-9)) ?? 10);
}

const tickLabel = (tick: number, step: number) => fraction(tick, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
const round = (value: number) => Math.round(10 * value) / 10;
const escapeXml = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
