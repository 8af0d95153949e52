// Steps of `npm run up` and `npm test`. Plain Node without packages: it runs before anything is installed.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

const MIN_NODE = [20, 9];

/** A failed step, reported by its message alone, without a stack. */
export class StepFailed extends Error {}

/** Runs the steps of a command; on failure prints the error and sets the exit code. */
export async function main(steps) {
  // Neither command sends telemetry.
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
  const [minMajor, minMinor] = MIN_NODE;
  if (major > minMajor || (major === minMajor && minor >= minMinor)) return;
  throw new StepFailed(
    `Node ${MIN_NODE.join('.')} or later is needed; this is ${process.versions.node}. Get it from https://nodejs.org.`,
  );
}

/**
 * Reads the port to serve on from `PORT`; the default is 3000.
 *
 * @throws StepFailed if it is not a port
 */
export function readPort() {
  const text = process.env.PORT || '3000';
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65535) return port;
  throw new StepFailed(`PORT must be a number from 1 to 65535, not "${text}".`);
}

/** Runs a program in the foreground; rejects with `StepFailed` if it cannot be run or fails. */
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

/** Runs a script of an installed package with the current Node. */
export function runInstalled(step, script, args, options) {
  return run(step, process.execPath, [join('node_modules', script), ...args], options);
}

/** Whether node_modules matches package-lock.json, according to npm's own record of what it installed. */
function isInstalled() {
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
  if (isInstalled()) return;
  // On Windows npm is a script, which only a shell can run.
  await run('Installing packages (npm ci)', 'npm', ['ci', '--no-audit'], { shell: process.platform === 'win32' });
}

/** Files and folders that a build depends on. */
const SOURCES = [
  'app',
  'components',
  'instrumentation-client.ts',
  'lib',
  'public',
  'next.config.ts',
  'package-lock.json',
  'postcss.config.mjs',
  'tsconfig.base.json',
  'tsconfig.json',
];

/** The server reads artifacts at every start, so a build does not depend on them. */
const ARTIFACTS = join('public', 'artifacts');

/** The latest modification time below a path, in milliseconds since 1970; 0 if there is nothing. */
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

/** Builds unless a finished build is newer than all sources. */
export async function buildIfNeeded() {
  // Next deletes this file when a build starts and writes it at the end.
  const finished = newest(join('.next', 'export-marker.json'));
  if (finished === 0 || SOURCES.some((source) => newest(source) > finished)) await build();
}
