import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import type { TestProject } from 'vitest/node';
import { postgresPrograms, redisProgram, type Service, startPostgres, startRedis } from './processes';
import type { ServiceName } from './service-url';
import { makeTemplate } from './template';

/** Builds the artifacts of the tiny domain, to be copied: training its models takes seconds. */
async function startTinyArtifacts(): Promise<Pick<Service, 'url' | 'remove'>> {
  // Imported on demand: most runs need no pipeline.
  const { buildTinyArtifacts } = await import('../tiny-domain');
  const url = await buildTinyArtifacts();
  return { url, remove: () => rm(dirname(url), { recursive: true, force: true }) };
}

const START: Record<ServiceName, () => Promise<Pick<Service, 'url' | 'remove'>>> = {
  postgres: startPostgres,
  redis: startRedis,
  embedded: makeTemplate,
  tiny: startTinyArtifacts,
};

/**
 * Vitest's global setup: the servers of a test run, one each for all its files. A server is started when the first file
 * requests it, since most runs need none. Files run in processes of their own, so they request servers over HTTP.
 *
 * @returns the teardown, which Vitest also calls after a failed run
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const missing = [postgresPrograms() ? [] : 'Postgres', redisProgram() ? [] : 'Redis'].flat().join(' and ');
  if (missing) {
    const notice = `Not installed: ${missing}. On Debian: apt-get install postgresql redis-server.`;
    if (process.env.CI === 'true') throw new Error(notice);
    console.error(`${notice} Tests with them are skipped.`);
  }

  const running = new Map<string, Promise<Pick<Service, 'url' | 'remove'>>>();
  const registry = createServer((request, response) => {
    const name = (request.url ?? '').slice(1) as ServiceName;
    const start: (typeof START)[ServiceName] | undefined = START[name];
    if (!start) {
      response.writeHead(404).end();
      return;
    }
    const service = running.get(name) ?? start();
    running.set(name, service);
    service.then(
      ({ url }) => response.end(url),
      (error) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  project.provide('services', `http://127.0.0.1:${(registry.address() as AddressInfo).port}`);

  return async () => {
    registry.close();
    registry.closeAllConnections();
    const started = await Promise.allSettled(running.values());
    await Promise.all(started.map((service) => service.status === 'fulfilled' && service.value.remove()));
  };
}
