import {
  formatFigure,
  formatTarget,
  type Line,
  mainFigure,
  PARTS,
  type Report,
  ratioOf,
  verdictOf,
  withUnit,
} from './lines';
import { PART_TITLES } from './table';

/**
 * docs/PERFORMANCE.md out of a report: the same report gives the same text.
 *
 * @param notes what people wrote, in Markdown: put before the figures' tables as it is
 */
export function formatPerformance(report: Report, notes: string): string {
  const { lines } = report;
  const parts = PARTS.filter((part) => lines.some((line) => line.part === part));
  return `${[
    INTRODUCTION,
    machine(report),
    targets(lines),
    notes.trim(),
    ...parts.map((part) =>
      section(
        PART_TITLES[part],
        lines.filter((line) => line.part === part),
      ),
    ),
  ].join('\n\n')}\n`;
}

const INTRODUCTION = `# Performance

How fast and how small it is, misses included. Made by \`npm run bench -- --report <file>\` out of what \`npm run bench\` measured; the prose is in \`bench/notes.md\`.`;

function machine({ machine }: Report): string {
  const { processor, cores, memoryBytes, system, node, chromium } = machine;
  const memory = `${(memoryBytes / 2 ** 30).toFixed(0)} GiB`;
  return `Measured on ${cores} cores of ${processor}, ${memory}, ${system}; Node ${node}, headless Chromium ${chromium}.`;
}

function targets(lines: readonly Line[]): string {
  const rows = lines.flatMap((line) =>
    line.targets.map((target) => {
      const verdict = verdictOf(line, target);
      const value = line.figures[target.figure];
      return {
        verdict,
        cells: [
          cell(line.domain ?? ''),
          cell(`${line.name}${isSlowed(line) ? ', 4× slower' : ''}`),
          formatTarget(target, line.unit),
          value === undefined ? (line.note ?? '–') : withUnit(value, line.unit),
          verdict === 'met' ? 'met' : `**${verdict}**`,
        ],
      };
    }),
  );
  const met = rows.filter(({ verdict }) => verdict === 'met').length;
  return `## Targets\n\n${met} of ${rows.length} met.\n\n${table(
    ['', '', 'target', 'measured', ''],
    rows.map(({ cells }) => cells),
  )}`;
}

const isSlowed = ({ part }: Line) => part === 'throttled';

function section(title: string, lines: readonly Line[]): string {
  const names = [...new Set(lines.flatMap(({ figures }) => Object.keys(figures)))];
  const hasBaseline = lines.some(({ baseline }) => baseline);
  const hasNotes = lines.some(({ note, runs }) => note || runs);
  const head = ['', '', ...names.map((name) => (name === 'value' ? '' : name))];
  const rows = lines.map((line) => {
    const { domain, name, unit, figures, baseline, note, runs } = line;
    return [
      cell(domain ?? ''),
      cell(name),
      ...names.map((figure) => (figures[figure] === undefined ? '' : withUnit(figures[figure], unit))),
      ...(hasBaseline
        ? [baseline ? `${ratioOf(line)!.toFixed(2)} of ${baseline.name}, ${withUnit(mainFigure(baseline), unit)}` : '']
        : []),
      ...(hasNotes
        ? [cell([note, runs?.map((run) => formatFigure(run, unit)).join(', ')].filter(Boolean).join('; '))]
        : []),
    ];
  });
  return `## ${title}\n\n${table([...head, ...(hasBaseline ? ['against'] : []), ...(hasNotes ? [''] : [])], rows)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text that cannot end a cell of a table. */
const cell = (text: string): string => text.replaceAll('|', '\\|').trim();
