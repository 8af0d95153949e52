import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadArtifacts } from './load-artifacts';
import { addLoadCommand } from './load-command';

vi.mock('./load-artifacts', () => ({
  loadArtifacts: vi.fn<typeof import('./load-artifacts').loadArtifacts>(async (_folder, _target, onProgress) => {
    for (const done of [0, 500, 700]) onProgress!({ domain: 'courses', done, total: 700 });
    return 700;
  }),
}));

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Runs `inkpick load …`; returns what was shown. */
async function run(...args: string[]): Promise<unknown[]> {
  const shown: unknown[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => shown.push(text) > 0);
  const program = new Command();
  addLoadCommand(program, () => ({
    start: (label, total) => shown.push([label, total]),
    update: (done) => shown.push(done),
    stop: () => shown.push('stop'),
  }));
  await program.parseAsync(['load', ...args], { from: 'user' });
  return shown;
}

describe('inkpick load', () => {
  it('loads into the embedded store and shows how far it is', async () => {
    vi.stubEnv('DATABASE_URL', '');
    expect(await run('artifacts/courses', '--data', 'elsewhere')).toEqual([
      ['vectors of courses', 700],
      500,
      700,
      'stop',
      '700 vectors are loaded\n',
    ]);
    expect(loadArtifacts).toHaveBeenLastCalledWith('artifacts/courses', { folder: 'elsewhere' }, expect.anything());
    await run('artifacts/courses');
    expect(vi.mocked(loadArtifacts).mock.lastCall?.[1].folder).toMatch(/data.store$/);
  });

  it('loads into the database of DATABASE_URL', async () => {
    vi.stubEnv('DATABASE_URL', 'postgres://db/inkpick');
    await run('artifacts/courses', '--data', 'elsewhere');
    expect(loadArtifacts).toHaveBeenLastCalledWith(
      'artifacts/courses',
      { url: 'postgres://db/inkpick' },
      expect.anything(),
    );
  });
});
