import { revalidatePath } from 'next/cache';
import { type CacheState, cache } from '@/lib/server/cache/cache';
import { checkDomains } from '@/lib/server/engines';
import { route } from '@/lib/server/http/route';
import { currentSettings } from '@/lib/server/settings';
import { singleton } from '@/lib/server/singleton';
import { type StoreState, store } from '@/lib/server/store/store';

/**
 * Once in the life of a self-hosted server, has every page rendered again at its next request: since `next build`,
 * domains may have been added or built again. Elsewhere artifacts change with a deployment, which renders the pages.
 */
function renewPages(): void {
  if (!currentSettings().renewsPages) return;
  singleton('pages-renewed', () => {
    revalidatePath('/', 'layout');
    return true;
  });
}

/** Notes for the operator on what is missing, and what to set. */
function notesOf(store: StoreState, cache: CacheState): string[] {
  const notes: string[] = [];
  if (store.state === 'unavailable') {
    notes.push('The store is unavailable. Recommendations still work; browsers keep their events and send them again.');
  } else if (store.ephemeral) {
    notes.push(
      'The store is in memory: its data is lost when this process ends. Set DATABASE_URL to a Postgres, or INKPICK_DATA to a folder.',
    );
  } else if (!store.vectors) {
    notes.push(
      'This Postgres has no pgvector (the extension vector), which domains with their index on the server need.',
    );
  }
  if (cache.state === 'unavailable') {
    notes.push('Redis is unavailable. Each instance uses its own memory for caches and limits.');
  }
  return notes;
}

/**
 * Whether the artifacts of every domain can be loaded (the first call loads them), and whether store and cache respond.
 * Without store or cache the recommender still works, so that the status is `degraded` but the code 200: a load
 * balancer should keep the server.
 */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  '/api/health/ready',
  {
    async GET() {
      const [domains, ofStore, ofCache] = await Promise.all([checkDomains(), store().check(), cache().state()]);
      const states = Object.values(domains);
      const isUsable = states.length > 0 && states.every(({ state }) => state === 'ready');
      const isComplete = ofStore.state === 'ready' && ofCache.state === 'ready';
      if (isUsable) renewPages();
      return {
        body: {
          status: isUsable ? (isComplete ? 'ready' : 'degraded') : 'unavailable',
          domains,
          store: ofStore,
          cache: ofCache,
          notes: notesOf(ofStore, ofCache),
        },
        status: isUsable ? 200 : 503,
        caching: 'personal',
      };
    },
  },
  { limited: false },
);
