import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';

const DEFAULT_DATA_FOLDER = fileURLToPath(new URL('../../../data/store', import.meta.url));

/** How far a long task is, on a terminal or in a log. */
interface Progress {
  start(label: string, total: number): void;
  update(done: number): void;
  stop(): void;
}

/** Adds the command `load`, which fills the vector index of a server. */
export function addLoadCommand(program: Command, createProgress: () => Progress): void {
  program
    .command('load')
    .description("load the vectors of a domain into the server's store, for a domain whose index is on the server")
    .argument('<artifacts>', 'the artifacts folder of a domain')
    .option('--data <folder>', 'folder of the embedded store, used without DATABASE_URL (default: data/store)')
    .action(async (artifacts: string, { data = DEFAULT_DATA_FOLDER }: { data?: string }) => {
      // Imported here, so that the other commands start without the database.
      const { loadArtifacts } = await import('./load-artifacts');
      const url = process.env.DATABASE_URL || undefined;
      const progress = createProgress();
      const count = await loadArtifacts(artifacts, url ? { url } : { folder: data }, ({ domain, done, total }) => {
        if (done === 0) progress.start(`vectors of ${domain}`, total);
        else progress.update(done);
      }).finally(() => progress.stop());
      process.stderr.write(`${count} vectors are loaded\n`);
    });
}
