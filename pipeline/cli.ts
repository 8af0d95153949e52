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
import { type BatchReport, recommendFile } from './recommend';
import { tune } from './train/train-engine';

const project = fileURLToPath(new URL('..', import.meta.url));
/** The folder with the raw files of a domain: the subfolder with the domain's name, or the folder itself. */
function rawFolder(domain: string, folder = join(project, '..', 'shared', 'data')): string {
  const subfolder = join(folder, domain);
  return existsSync(subfolder) ? subfolder : folder;
}
const defaultFolder = (domain: string) => join(project, 'data', domain);

/** A parser of numeric options. Commander prints its error message with the option's name. */
const number =
  (lowest: number, highest: number, whole = false) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= lowest && value <= highest) || (whole && !Number.isInteger(value))) {
      throw new InvalidArgumentError(`It must be a ${whole ? 'whole ' : ''}number from ${lowest} to ${highest}.`);
    }
    return value;
  };
/** Writes a line to standard error. Standard output is for results. */
const log = (text: string) => process.stderr.write(`${text}\n`);

const program = new Command('inkpick')
  .description('Builds and uses the recommender of a catalog.')
  .showHelpAfterError();

program
  .command('ingest')
  .description('write the domain folder of one of the three shipped domains')
  .argument('<domain>', 'cinema, music or courses')
  .option('--raw <folder>', 'folder of the raw data, or its parent folder (default: ../shared/data)')
  .option('--out <folder>', 'domain folder to write (default: data/<domain>)')
  .action(async (domain: string, { raw, out }: { raw?: string; out?: string }) => {
    const report = new IngestReport();
    await ingest(domain, {
      raw: rawFolder(domain, raw),
      out: out ?? defaultFolder(domain),
      report,
      progress: createProgress(),
    });
    log(formatReport(report));
  });

const seed = () => new Option('--seed <n>', 'random seed').default(1).argParser(number(0, 2 ** 31, true));
const threads = () =>
  new Option('--threads <n>', 'worker threads')
    .default(availableParallelism(), 'one per core')
    .argParser(number(1, 256, true));

program
  .command('build')
  .description('train the models of a domain folder and write its artifacts')
  .argument('<folder>', 'a domain folder: domain.json, items.jsonl, interactions.csv')
  .requiredOption('--out <folder>', 'folder to write; public/artifacts/<id of the domain> to serve the domain')
  .addOption(seed())
  .addOption(threads())
  .action(async (folder: string, options: { out: string; seed: number; threads: number }) => {
    const { manifest, problems } = await build(folder, options.out, {
      seed: options.seed,
      threads: options.threads,
      progress: createProgress(),
      onLoss: (epoch, loss) => log(`  epoch ${String(epoch).padStart(2)}  loss ${loss.toFixed(1)}`),
      onTried: logTried,
      onCurve: (curve) => {
        for (const point of curve) log(`  gate ${JSON.stringify(point)}`);
      },
    });
    for (const sentence of problems) log(sentence);
    const { items, warmItems, users, interactions, terms } = manifest.counts;
    log(
      `${manifest.domain.id}: ${items} items (${warmItems} with factors), ${users} ${manifest.domain.users}, ${interactions} interactions, ${terms} terms`,
    );
    for (const { file, bytes, rawBytes } of manifest.artifacts)
      log(`  ${file.padEnd(24)} ${String(bytes).padStart(9)} bytes (${rawBytes} uncompressed)`);
    log(
      `  ${'total'.padEnd(24)} ${String(manifest.artifacts.reduce((sum, { bytes }) => sum + bytes, 0)).padStart(9)} bytes`,
    );
  });

const logTried = (model: string, setting: object, quality: number) =>
  log(`  ${model} ${JSON.stringify(setting)}: ${quality.toFixed(4)}`);

program
  .command('tune')
  .description('search for hyperparameters and print them in the format of domain.json')
  .argument('<folder>', 'a domain folder')
  .addOption(seed())
  .addOption(threads())
  .action(async (folder: string, options: { seed: number; threads: number }) => {
    const source = await readDomainFolder(folder);
    const training = await tune(source, { ...options, progress: createProgress(), onTried: logTried });
    process.stdout.write(`${JSON.stringify({ training }, null, 2)}\n`);
  });

program
  .command('evaluate')
  .description('train on some users and measure the recommendations for others')
  .argument('<folder>', 'a domain folder')
  .addOption(seed())
  .addOption(threads())
  .addOption(new Option('--on <users>', 'users to measure on').choices(['test', 'validation']).default('test'))
  .option('--users <n>', 'largest number of users to measure on', number(1, Number.MAX_SAFE_INTEGER, true))
  .option('--json <file>', 'also write the figures to a file')
  .option('--diversity <x>', 'default diversity, whose loss of accuracy is reported', number(0, 1), DEFAULT_DIVERSITY)
  .option('--no-cold', 'skip cold items, which need a second training')
  .option('--unquantised', 'keep all factors and weights as trained, to measure what 8 bits cost', false)
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
        unquantised: boolean;
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
  .description('write a report of evaluations, and one chart per domain beside it')
  .argument('<json...>', 'files from evaluate --json, in the order of the report')
  .option('--out <file>', 'Markdown file to write', 'docs/EVALUATION.md')
  .option('--append <file>', 'Markdown to end the report with, such as example lists')
  .action(async (files: string[], { out, append }: { out: string; append?: string }) => {
    const { writeReport } = await import('./evaluation/report');
    for (const path of await writeReport(files, out, append)) log(path);
  });

const topK = () => new Option('--top-k <n>', 'items per line').default(20).argParser(number(1, MAX_TOP_K, true));
const diversity = () =>
  new Option('--diversity <x>', 'diversity; 0 ranks by relevance alone').default(0).argParser(number(0, 1));
const discovery = () =>
  new Option('--discovery <x>', '-1 well known, 1 little known (default: learned)').argParser(number(-1, 1));
const MAX_LINES_NAMED = 20;
const logBatch = ({ lines, badLines, unreadable, unknownIds }: BatchReport) => {
  log(`${lines} lines, ${badLines} of them invalid; ${unknownIds} unknown ids were ignored`);
  if (unreadable.length === 0) return;
  // A script that asks for a thousand lists must notice that one of them was not made.
  process.exitCode = 1;
  const named = unreadable.slice(0, MAX_LINES_NAMED).join(', ');
  log(`not read: line ${named}${unreadable.length > MAX_LINES_NAMED ? ', …' : ''}; the output says why`);
};

program
  .command('recommend')
  .description('recommend for a file of histories, with one line of JSON per line')
  .argument('<artifacts>', 'the artifacts folder of a domain')
  .requiredOption('--histories <file>', 'lines like {"id": "u1", "history": ["318", {"item": "858", "value": 4}]}')
  .addOption(new Option('--mode <mode>').choices(MODES).default('hybrid'))
  .addOption(topK())
  .option('--alpha <x>', 'share of content among the personal signals in hybrid mode (default: learned)', number(0, 1))
  .addOption(diversity())
  .addOption(discovery())
  .action(
    async (
      folder: string,
      options: { histories: string; mode: Mode; topK: number; alpha?: number; diversity: number; discovery?: number },
    ) => {
      const { manifest } = await readManifest(folder);
      const engine = await loadEngineFromFolder(folder);
      const report = await recommendFile(engine, options.histories, process.stdout, {
        ...options,
        positiveAbove: manifest.positiveAbove,
      });
      logBatch(report);
    },
  );

program
  .command('similar')
  .description('items like the last item of each history, with one line of JSON per line')
  .argument('<artifacts>', 'the artifacts folder of a domain')
  .requiredOption('--histories <file>', 'lines as for recommend; items before the last are left out of the list')
  .addOption(topK())
  .addOption(diversity())
  .addOption(discovery())
  .action(
    async (folder: string, options: { histories: string; topK: number; diversity: number; discovery?: number }) => {
      const engine = await loadEngineFromFolder(folder);
      const report = await recommendFile(engine, options.histories, process.stdout, {
        ...options,
        mode: 'hybrid',
        isSimilar: true,
        positiveAbove: null,
      });
      logBatch(report);
    },
  );

program
  .command('verify')
  .description('check the artifacts of a domain as a browser does')
  .argument('<artifacts>', 'the artifacts folder of a domain')
  .action(async (folder: string) => {
    const manifest = await verify(folder);
    log(`${manifest.domain.id}: ${manifest.artifacts.length} artifacts are valid`);
  });

/**
 * Runs the command in the arguments of the process.
 *
 * @param commands functions that add commands of other layers, such as the server
 */
export async function run(...commands: ((program: Command) => void)[]): Promise<void> {
  for (const add of commands) add(program);
  // A reader like `head` closes the pipe early, which is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  try {
    await program.parseAsync();
  } catch (error) {
    log(error instanceof InkpickError ? `inkpick: ${error.message}` : `inkpick: ${(error as Error).stack}`);
    process.exitCode = 1;
  }
}
