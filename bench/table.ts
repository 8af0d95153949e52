import {
  formatFigure,
  formatTarget,
  type Line,
  mainFigure,
  type PartName,
  ratioOf,
  verdictOf,
  withUnit,
} from './lines';

export const PART_TITLES: Record<PartName, string> = {
  node: 'The engine in Node',
  worker: 'The engine in its worker',
  throttled: 'The engine in its worker, four times slower',
  page: 'A visit',
  slider: 'From a slider to pixels',
  search: 'Search',
  wire: 'Downloads',
  memory: 'Memory',
  vectors: 'Vector indexes',
  api: 'The API under load',
  events: 'Events and onboarding, embedded store',
  soak: 'Ten minutes of traffic',
  'server-vectors': 'Catalogs beyond the browser, embedded store',
  scale: 'Scale',
  quality: 'Quality',
  lighthouse: 'Lighthouse',
};

/** Formats the lines of a part for a terminal, with targets and baselines. */
export function formatLines(title: string, lines: readonly Line[]): string {
  const rows = lines.map((line) => {
    const { domain, name, unit, figures, samples, runs, targets, baseline, note } = line;
    const values = Object.entries(figures)
      .map(([figure, value]) => `${figure === 'value' ? '' : `${figure} `}${withUnit(value, unit)}`)
      .join('  ');
    const aims = targets.map((target) => `[${formatTarget(target, unit)}: ${verdictOf(line, target)}]`);
    const compared =
      baseline && `${baseline.name} ${withUnit(mainFigure(baseline), unit)}: ${ratioOf(line)!.toFixed(2)}×`;
    const each = runs && `runs ${runs.map((run) => formatFigure(run, unit)).join(', ')}`;
    const details = [...aims, compared, each, samples > 1 && !runs ? `n ${samples}` : undefined, note].filter(Boolean);
    return `  ${domain ? `${domain}: ` : ''}${name}\n    ${[values, ...details].join('   ')}`;
  });
  return [title, ...rows, ''].join('\n');
}
