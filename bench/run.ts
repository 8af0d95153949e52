import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from '@playwright/test';
import { Command, InvalidArgumentError, Option } from 'commander';
import { readArtifactIndex } from '../lib/artifacts/node';
import { benchApi } from './api';
import { launch } from './browser';
import type { BenchContext, Part } from './context';
import { benchEvents } from './events';
import { benchLighthouse } from './lighthouse';
import { type Line, PARTS, type PartName, type Report, reportSchema } from './lines';
import { benchMemory } from './memory';
import { benchNode } from './node';
import { benchPage } from './page';
import { formatPerformance } from './performance';
import { benchQuality } from './quality';
import { benchScale } from './scale';
import { benchSearch } from './search';
import { type RunningServer, startServer } from './server';
import { benchServerVectors } from './server-vectors';
import { benchSlider } from './slider';
import { benchSoak } from './soak';
import { formatLines, PART_TITLES } from './table';
import { benchVectors } from './vectors/bench-vectors';
import { benchWire } from './wire';
import { benchThrottled, benchWorker } from './worker';

const BENCHES: Partial<Record<PartName, Part>> = {
  node: benchNode,
  worker: benchWorker,
  throttled: benchThrottled,
  page: benchPage,
  slider: benchSlider,
  search: benchSearch,
  wire: benchWire,
  memory: benchMemory,
  vectors: benchVectors,
  api: benchApi,
  events: benchEvents,
  soak: benchSoak,
  'server-vectors': benchServerVectors,
  scale: benchScale,
  quality: benchQuality,
  lighthouse: benchLighthouse,
};

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DOCUMENT = join(ROOT, 'docs', 'PERFORMANCE.md');
const NOTES = join(ROOT, 'bench', 'notes.md');

interface Options {
  only: PartName[];
  domain: string[];
  json: string;
  port: number;
  report?: string;
  evaluation: string[];
}

const list = (value: string, before: string[] = []) => [...before, value];
const port = (value: string) => {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < 1 || number > 65_534)
    throw new InvalidArgumentError('must be a number from 1 to 65534');
  return number;
};

const {
  only,
  domain,
  json,
  port: firstPort,
  report,
  evaluation,
} = new Command('npm run bench --')
  .description('Measures speed and size of the site, each figure with its target and a baseline.')
  .addOption(
    new Option('--only <part...>', 'these parts').choices(PARTS).default(
      PARTS.filter((name) => name !== 'soak'),
      'all but the soak',
    ),
  )
  .option('--domain <id>', 'this domain; can be given several times (default: all)', list, [])
  .option(
    '--json <file>',
    'file of the figures; figures of parts that are not run are kept',
    join('bench', 'results', 'report.json'),
  )
  .option('--port <number>', 'port of the server; the next one is used too', port, 3107)
  .option('--report <file>', 'only write docs/PERFORMANCE.md from these figures')
  .option('--evaluation <shipped,unquantised>', 'two files of `inkpick evaluate --json`', list, [])
  .parse()
  .opts<Options>();

if (report) {
  await writeFile(DOCUMENT, formatPerformance(await readReport(report), await readFile(NOTES, 'utf8')));
  console.log(`Written: ${DOCUMENT}`);
} else await measure();

async function readReport(file: string): Promise<Report> {
  return reportSchema.parse(JSON.parse(await readFile(file, 'utf8')));
}

async function measure(): Promise<void> {
  const artifacts = join(ROOT, 'public', 'artifacts');
  let server: Promise<RunningServer> | undefined;
  let browser: Promise<Browser> | undefined;
  const startBrowser = () => {
    browser ??= launch();
    return browser;
  };
  const context: BenchContext = {
    domains: domain.length > 0 ? domain : await readArtifactIndex(artifacts),
    artifacts,
    server: async () => {
      server ??= startServer(ROOT, firstPort);
      return (await server).base;
    },
    browser: startBrowser,
    emptyPort: firstPort + 1,
    log: (what) => console.error(`… ${what}`),
    evaluations: evaluation.map((pair) => {
      const [shipped, unquantised] = pair.split(',');
      return { shipped, unquantised };
    }),
  };
  try {
    const machine = {
      processor: cpus()[0].model.trim(),
      cores: cpus().length,
      memoryBytes: totalmem(),
      system: `${process.platform} ${process.arch}`,
      node: process.versions.node,
      chromium: (await startBrowser()).version(),
    };
    for (const part of PARTS.filter((name) => only.includes(name))) {
      const measured = await BENCHES[part]?.(context);
      if (!measured) continue;
      const lines = measured.map((line): Line => ({ part, targets: [], ...line }));
      process.stdout.write(`\n${formatLines(PART_TITLES[part], lines)}`);
      await save(machine, part, lines);
    }
  } finally {
    await (await browser)?.close();
    await (await server?.catch(() => undefined))?.stop();
  }
}

/** Replaces the lines of a part in the report, in the order of parts. */
async function save(machine: Report['machine'], part: PartName, lines: readonly Line[]): Promise<void> {
  const file = resolve(ROOT, json);
  const before = existsSync(file) ? await readReport(file) : undefined;
  const others = before?.lines.filter((line) => line.part !== part) ?? [];
  const all = PARTS.flatMap((name) => (name === part ? lines : others.filter((line) => line.part === name)));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(
    file,
    `${JSON.stringify({ format: 'inkpick-bench', machine, lines: all } satisfies Report, null, 1)}\n`,
  );
}
