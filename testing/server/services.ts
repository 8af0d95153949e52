import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import type { TestProject } from 'vitest/node';
import { postgresPrograms, redisProgram, type Service, startPostgres, startRedis } from './processes';
import type { ServiceName } from './service-url';
import { makeTemplate } from './template';

/** The artifacts of the tiny domain, to be copied: to train its models takes seconds. */
async function makeTinyArtifacts(): Promise<Pick<Service, 'url' | 'remove'>> {
  // Loaded when asked for: most runs are of files that need no pipeline.
  const { buildTinyArtifacts } = await import('../tiny-domain');
  const url = await buildTinyArtifacts();
  return { url, remove: () => rm(dirname(url), { recursive: true, force: true }) };
}

const START: Record<ServiceName, () => Promise<Pick<Service, 'url' | 'remove'>>> = {
  postgres: startPostgres,
  redis: startRedis,
  embedded: makeTemplate,
  tiny: makeTinyArtifacts,
};

/**
 * The real servers of a test run, one each for all its files. Started when the first file asks, as most runs are of files that
 * need none; files run in processes of their own, so they ask over HTTP. Returns how to end them, which Vitest does
 * however the run went.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const missing = [postgresPrograms() ? [] : 'Postgres', redisProgram() ? [] : 'Redis'].flat().join(' and ');
  if (missing) {
    const notice = `${missing} cannot be tested with: not installed. On Debian: apt-get install postgresql redis-server.`;
    if (process.env.CI === 'true') throw new Error(notice);
    console.error(`${notice} Those tests are skipped.`);
  }

  const running = new Map<string, Promise<Pick<Service, 'url' | 'remove'>>>();
  const desk = createServer((request, response) => {
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
  await new Promise<void>((resolve) => desk.listen(0, '127.0.0.1', resolve));
  project.provide('services', `http://127.0.0.1:${(desk.address() as AddressInfo).port}`);

  return async () => {
    desk.close();
    desk.closeAllConnections();
    const started = await Promise.allSettled(running.values());
    await Promise.all(started.map((service) => service.status === 'fulfilled' && service.value.remove()));
  };
}
