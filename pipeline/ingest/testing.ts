import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import type { DomainConfig, ItemRow } from '../../lib/contracts/domain-folder';
import { silentProgress } from '../io/progress';
import { IngestReport, type IngestReportJson } from './ingest-report';
import type { IngestOptions } from './options';

/** A new folder that is removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'inkpick-ingest-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files, gzipped if their name ends in `.gz`. @returns their folder */
export async function rawFolder(files: Record<string, string>): Promise<string> {
  const folder = path.join(await temporaryFolder(), 'raw');
  await mkdir(folder);
  for (const [name, text] of Object.entries(files)) {
    await writeFile(path.join(folder, name), name.endsWith('.gz') ? gzipSync(text) : text);
  }
  return folder;
}

export interface Ingested {
  config: DomainConfig;
  items: Map<string, ItemRow>;
  /** Lines of `interactions.csv`, the header first. */
  interactions: string[];
  report: IngestReportJson;
  out: string;
}

/** Runs an adapter on inline files and reads its output. */
export async function ingestFiles(
  adapter: (options: IngestOptions) => Promise<void>,
  files: Record<string, string>,
): Promise<Ingested> {
  const out = path.join(await temporaryFolder(), 'out');
  await adapter({ raw: await rawFolder(files), out, report: new IngestReport(), progress: silentProgress });
  const read = (name: string) => readFile(path.join(out, name), 'utf8');
  const rows = (await read('items.jsonl')).trim().split('\n');
  return {
    config: JSON.parse(await read('domain.json')),
    items: new Map(rows.map((line) => JSON.parse(line) as ItemRow).map((item) => [item.id, item])),
    interactions: (await read('interactions.csv')).trim().split('\n'),
    report: JSON.parse(await read('report.json')),
    out,
  };
}
