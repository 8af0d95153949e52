import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { loadEngineFromFolder, readManifest } from '../lib/artifacts/node';
import { DEFAULT_DIVERSITY, MAX_TOP_K, MODES, type Mode } from '../lib/contracts/engine';
import { InkpickError } from '../lib/contracts/errors';
import { verify } from './artifacts/verify';
import { build } from './build';
import { readDomainFolder } from './domain-folder/read';
import { formatReport, IngestReport, ingest } from './ingest';
import { createProgress } from './io/progress';
import { recommendFile } from './recommend';
import { tune } from './train/train-engine';

const project = fileURLToPath(new URL('..', import.meta.url));
/** The raw files of a domain: in the folder named, or in its subfolder of the domain's name. */
function rawFolder(domain: string, given = join(project, '..', 'shared', 'data')): string {
  const own = join(given, domain);
  return existsSync(own) ? own : given;
}
const defaultFolder = (domain: string) => join(project, 'data', domain);

/** An option's number, checked; commander prints the message beside the option's name. */
const number =
  (lowest: number, highest: number, whole = false) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= lowest && value <= highest) || (whole && !Number.isInteger(value))) {
      throw new InvalidArgumentError(`It must be a ${whole ? 'whole ' : ''}number from ${lowest} to ${highest}.`);
    }
    return value;
  };
const tell = (text: string) => process.stderr.write(`${text}\n`);

const program = new Command('inkpick')
  .description('Builds and uses the recommender of a catalog.')
  .showHelpAfterError();

program
  .command('ingest')
  .description('write the domain folder of one of the three shipped domains')
  .argument('<domain>', 'cinema, music or courses')
  .option('--raw <folder>', 'the raw data, or the folder that holds <domain>/ (default: ../shared/data)')
  .option('--out <folder>', 'the domain folder (default: data/<domain>)')
  .action(async (domain: string, { raw, out }: { raw?: string; out?: string }) => {
    const report = new IngestReport();
    await ingest(domain, {
      raw: rawFolder(domain, raw),
      out: out ?? defaultFolder(domain),
      report,
      progress: createProgress(),
    });
    tell(formatReport(report));
  });

const seed = () => new Option('--seed <n>', 'seed of everything random').default(1).argParser(number(0, 2 ** 31, true));
const threads = () =>
  new Option('--threads <n>', 'worker threads')
    .default(availableParallelism(), 'one a core')
    .argParser(number(1, 256, true));

program
  .command('build')
  .description('train the models of a domain folder and write its artifacts')
  .argument('<folder>', 'domain.json, items.jsonl, interactions.csv')
  .requiredOption('--out <folder>', 'public/artifacts/<id of the domain> for a domain to be served')
  .addOption(seed())
  .addOption(threads())
  .action(async (folder: string, options: { out: string; seed: number; threads: number }) => {
    const { manifest, problems } = await build(folder, options.out, {
      seed: options.seed,
      threads: options.threads,
      progress: createProgress(),
      onLoss: (epoch, loss) => tell(`  epoch ${String(epoch).padStart(2)}  loss ${loss.toFixed(1)}`),
      onTried: tellTried,
    });
    for (const sentence of problems) tell(sentence);
    const { items, warmItems, users, interactions, terms } = manifest.counts;
    tell(
      `${manifest.domain.id}: ${items} items (${warmItems} with factors), ${users} ${manifest.domain.users}, ${interactions} interactions, ${terms} terms`,
    );
    for (const { file, bytes, rawBytes } of manifest.artifacts)
      tell(`  ${file.padEnd(24)} ${String(bytes).padStart(9)} bytes (${rawBytes} inflated)`);
    tell(
      `  ${'in all'.padEnd(24)} ${String(manifest.artifacts.reduce((sum, { bytes }) => sum + bytes, 0)).padStart(9)} bytes`,
    );
  });

const tellTried = (model: string, setting: object, quality: number) =>
  tell(`  ${model} ${JSON.stringify(setting)}: ${quality.toFixed(4)}`);

program
  .command('tune')
  .description('search for hyperparameters and print them, as domain.json takes them')
  .argument('<folder>', 'a domain folder')
  .addOption(seed())
  .addOption(threads())
  .action(async (folder: string, options: { seed: number; threads: number }) => {
    const source = await readDomainFolder(folder);
    const training = await tune(source, { ...options, progress: createProgress(), onTried: tellTried });
    process.stdout.write(`${JSON.stringify({ training }, null, 2)}\n`);
  });

program
  .command('evaluate')
  .description('train on some users and measure the recommendations made to others')
  .argument('<folder>', 'a domain folder')
  .addOption(seed())
  .addOption(threads())
  .addOption(new Option('--on <users>', 'whom to measure on').choices(['test', 'validation']).default('test'))
  .option('--users <n>', 'measure on no more than so many of them', number(1, Number.MAX_SAFE_INTEGER, true))
  .option('--json <file>', 'write the figures to a file too')
  .option(
    '--diversity <x>',
    'the diversity in force, to be held against what it costs',
    number(0, 1),
    DEFAULT_DIVERSITY,
  )
  .option('--no-cold', 'leave out the trial of cold items, which needs a second training')
  .action(
    async (
      folder: string,
      options: {
        seed: number;
        threads: number;
        on: 'test' | 'validation';
        users?: number;
        json?: string;
        diversity: number;
        cold: boolean;
      },
    ) => {
      const [{ evaluate }, { formatEvaluation }] = await Promise.all([
        import('./evaluation/evaluate'),
        import('./evaluation/table'),
      ]);
      const evaluation = await evaluate(await readDomainFolder(folder), {
        ...options,
        defaultDiversity: options.diversity,
        progress: createProgress(),
      });
      process.stdout.write(formatEvaluation(evaluation));
      if (options.json) await writeFile(options.json, `${JSON.stringify(evaluation, null, 2)}\n`);
    },
  );

program
  .command('evaluation-report')
  .description('write the report of what evaluate measured, and a chart a domain beside it')
  .argument('<json...>', 'files that evaluate --json wrote, in the order of the report')
  .option('--out <file>', 'the report, in Markdown', 'docs/EVALUATION.md')
  .action(async (files: string[], { out }: { out: string }) => {
    const { writeReport } = await import('./evaluation/report');
    for (const path of await writeReport(files, out)) tell(path);
  });

program
  .command('recommend')
  .description('answer a file of histories, one JSON line for one')
  .argument('<artifacts>', 'the artifacts folder of a domain')
  .requiredOption('--histories <file>', 'lines like {"id": "u1", "history": ["318", {"item": "858", "value": 4}]}')
  .addOption(new Option('--mode <mode>').choices(MODES).default('hybrid'))
  .option('--top-k <n>', 'items a line', number(1, MAX_TOP_K, true), 20)
  .option(
    '--alpha <x>',
    'share of content among the personal signals in hybrid mode (default: what the gate says)',
    number(0, 1),
  )
  .option('--diversity <x>', '0 for relevance alone', number(0, 1), 0)
  .action(
    async (
      folder: string,
      options: { histories: string; mode: Mode; topK: number; alpha?: number; diversity: number },
    ) => {
      const { manifest } = await readManifest(folder);
      const engine = await loadEngineFromFolder(folder);
      const report = await recommendFile(engine, options.histories, process.stdout, {
        ...options,
        positiveAbove: manifest.positiveAbove,
      });
      tell(
        `${report.lines} lines answered, ${report.unknownIds} unknown ids passed over, ${report.badLines} lines not understood`,
      );
    },
  );

program
  .command('verify')
  .description('check the artifacts of a domain as a browser would')
  .argument('<artifacts>', 'the artifacts folder of a domain')
  .action(async (folder: string) => {
    const manifest = await verify(folder);
    tell(`${manifest.domain.id}: ${manifest.artifacts.length} artifacts are whole`);
  });

/**
 * Runs the command that the process's arguments name.
 *
 * @param commands add commands that are not the pipeline's, such as those of the server
 */
export async function run(...commands: ((program: Command) => void)[]): Promise<void> {
  for (const add of commands) add(program);
  // A reader that closes the pipe early, as `head` does, has had enough: that is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  try {
    await program.parseAsync();
  } catch (error) {
    tell(error instanceof InkpickError ? `inkpick: ${error.message}` : `inkpick: ${(error as Error).stack}`);
    process.exitCode = 1;
  }
}
