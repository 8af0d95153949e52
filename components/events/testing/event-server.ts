import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventBatchSchema, type VisitorEvent } from '../../../lib/contracts/events';

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/** Accepts batches as `/api/events` does, each event once, and can be made to misbehave. */
export class EventServer {
  /** The accepted events, in order of arrival. */
  readonly events: VisitorEvent[] = [];
  /** The size of each batch. */
  readonly batches: number[] = [];
  /** Replies to the next batches in place of the right ones; `lost` accepts the batch and breaks the connection off. */
  readonly replies: (Reply | 'lost')[] = [];
  /** Ids of events that it reports as invalid. */
  readonly unreadable = new Set<string>();
  private readonly server: Server;

  private constructor() {
    this.server = createServer(async (request, response) => {
      const batch = eventBatchSchema.parse(JSON.parse(await textOf(request)));
      this.batches.push(batch.events.length);
      const reply = this.replies.shift();
      if (reply !== undefined && reply !== 'lost') {
        response.writeHead(reply.status, reply.headers).end(JSON.stringify(reply.body ?? {}));
        return;
      }
      if (batch.events.some(({ id }) => this.unreadable.has(id))) {
        response.writeHead(400).end(JSON.stringify({ error: { code: 'INVALID_REQUEST', message: 'on purpose' } }));
        return;
      }
      const fresh = batch.events.filter(({ id }) => !this.events.some((event) => event.id === id));
      this.events.push(...fresh);
      if (reply === 'lost') request.socket.destroy();
      else response.end(JSON.stringify({ accepted: fresh.length }));
    });
  }

  static async start(): Promise<EventServer> {
    const server = new EventServer();
    await new Promise<void>((resolve) => server.server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/api/events`;
  }

  get ids(): string[] {
    return this.events.map(({ id }) => id);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}
