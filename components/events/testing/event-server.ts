import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventBatchSchema, type VisitorEvent } from '../../../lib/contracts/events';

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/** Takes batches as `/api/events` does, each event once, and can be made to misbehave. */
export class EventServer {
  /** What is kept, in the order of arrival. */
  readonly events: VisitorEvent[] = [];
  /** How many events each batch held. */
  readonly batches: number[] = [];
  /** Answers in place of what would be right, one a batch; `lost`: keeps the batch, and breaks the connection off. */
  readonly answers: (Answer | 'lost')[] = [];
  /** Ids of events that it cannot read. */
  readonly unreadable = new Set<string>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const batch = eventBatchSchema.parse(JSON.parse(await textOf(request)));
      this.batches.push(batch.events.length);
      const answer = this.answers.shift();
      if (answer !== undefined && answer !== 'lost') {
        response.writeHead(answer.status, answer.headers).end(JSON.stringify(answer.body ?? {}));
        return;
      }
      if (batch.events.some(({ id }) => this.unreadable.has(id))) {
        response.writeHead(400).end(JSON.stringify({ error: { code: 'INVALID_REQUEST', message: 'on purpose' } }));
        return;
      }
      const fresh = batch.events.filter(({ id }) => !this.events.some((event) => event.id === id));
      this.events.push(...fresh);
      if (answer === 'lost') request.socket.destroy();
      else response.end(JSON.stringify({ accepted: fresh.length }));
    });
  }

  static async start(): Promise<EventServer> {
    const server = new EventServer();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/events`;
  }

  get ids(): string[] {
    return this.events.map(({ id }) => id);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}
