// What `npm run up` and `npm test` share. Plain Node: it runs before anything is installed.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

const LOWEST_NODE = [20, 9];

/** A failed step: its message is all that needs to be said. */
export class StepFailed extends Error {}

/** Runs a command's steps; says in one line which one failed, if one did, and leaves with its state. */
export async function main(steps) {
  // Neither command sends anything anywhere.
  process.env.NEXT_TELEMETRY_DISABLED = '1';
  process.chdir(ROOT);
  try {
    requireNode();
    await steps();
  } catch (error) {
    console.error(error instanceof StepFailed ? `\n✖ ${error.message}` : error);
    process.exitCode = 1;
  }
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [lowestMajor, lowestMinor] = LOWEST_NODE;
  if (major > lowestMajor || (major === lowestMajor && minor >= lowestMinor)) return;
  throw new StepFailed(
    `Node ${LOWEST_NODE.join('.')} or later is needed; this is ${process.versions.node}. Get it from https://nodejs.org.`,
  );
}

/** The port to serve on: `PORT`, else 3000. */
export function readPort() {
  const given = process.env.PORT || '3000';
  const port = Number(given);
  if (/^\d+$/.test(given) && port >= 1 && port <= 65535) return port;
  throw new StepFailed(`PORT must be a number from 1 to 65535, not "${given}".`);
}

/** Runs a program in the foreground; throws where it does not end well. */
export function run(step, command, args, options = {}) {
  console.log(`\n▸ ${step}`);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    child.on('error', (error) => reject(new StepFailed(`${step}: ${command} cannot be run (${error.message}).`)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new StepFailed(`${step} failed (${signal ?? `exit code ${code}`}).`));
    });
  });
}

/** Runs an installed package's own program with this very Node. */
export function runInstalled(step, script, args, options) {
  return run(step, process.execPath, [join('node_modules', script), ...args], options);
}

/** Whether node_modules is what package-lock.json says, by npm's own record of what it installed. */
function installed() {
  const record = join('node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const { packages: present } = JSON.parse(readFileSync(record, 'utf8'));
  const { packages: wanted } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  return Object.entries(wanted).every(
    // Optional packages are left out where they are for another system; the root has the empty name.
    ([path, { version, optional }]) => path === '' || (present[path] ? present[path].version === version : optional),
  );
}

export async function install() {
  if (installed()) return;
  // On Windows npm is a script, which only a shell can run.
  await run('Installing packages (npm ci)', 'npm', ['ci', '--no-audit'], { shell: process.platform === 'win32' });
}

const SOURCES = [
  'app',
  'components',
  'lib',
  'public',
  'next.config.ts',
  'package-lock.json',
  'postcss.config.mjs',
  'tsconfig.base.json',
  'tsconfig.json',
];

/** What the server reads anew at every start. */
const ARTIFACTS = join('public', 'artifacts');

function newest(path) {
  if (path === ARTIFACTS) return 0;
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

export function build() {
  return runInstalled('Building (next build)', 'next/dist/bin/next', ['build']);
}

/** Builds unless there is a finished build newer than every source. */
export async function buildIfNeeded() {
  // Next removes it when a build begins and writes it at the end.
  const finished = newest(join('.next', 'export-marker.json'));
  if (finished === 0 || SOURCES.some((source) => newest(source) > finished)) await build();
}
