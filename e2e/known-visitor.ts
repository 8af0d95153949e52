import type { BrowserContext } from '@playwright/test';

/** An event as the server stores it. */
export interface StoredEvent {
  id: string;
  domain: string;
  item: string;
  kind: string;
  /** ISO 8601. */
  at: string;
  list: string | null;
  slot: number | null;
  source: string | null;
  variant: string | null;
}

/** The events that the server stores of a context's visitor, oldest first; none of a visitor it does not know. */
export async function storedEvents(context: BrowserContext, server: string): Promise<StoredEvent[]> {
  const body = await (await context.request.get(`${server}/api/me`)).json();
  const events: StoredEvent[] = body.held?.events ?? [];
  return events.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** The API requests of a context's pages that are not reads, as `POST /api/me`; grows while the test runs. */
export function sentToApi(context: BrowserContext): string[] {
  const sent: string[] = [];
  context.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (request.method() !== 'GET' && pathname.startsWith('/api/')) sent.push(`${request.method()} ${pathname}`);
  });
  return sent;
}
