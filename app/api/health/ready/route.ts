import { revalidatePath } from 'next/cache';
import { type CacheState, cache } from '@/lib/server/cache/cache';
import { checkDomains } from '@/lib/server/engines';
import { route } from '@/lib/server/http/route';
import { currentSettings } from '@/lib/server/settings';
import { singleton } from '@/lib/server/singleton';
import { type StoreState, store } from '@/lib/server/store/store';

/**
 * Has each page made anew when it is next asked for, once in the life of a server of one's own: a domain may have been added
 * or built anew since the pages were. Elsewhere artifacts change with a deployment, which makes the pages too.
 */
function renewPages(): void {
  if (!currentSettings().renewsPages) return;
  singleton('pages-renewed', () => {
    revalidatePath('/', 'layout');
    return true;
  });
}

/** What whoever runs this server should know, and what to set. */
function notesOf(store: StoreState, cache: CacheState): string[] {
  const notes: string[] = [];
  if (store.state === 'unavailable') {
    notes.push('The store cannot be reached. Recommendations go on; events are kept by browsers and sent again.');
  } else if (store.ephemeral) {
    notes.push(
      'The store is in memory: what visitors share is gone when this process ends. Set DATABASE_URL to a Postgres, or INKPICK_DATA to a folder.',
    );
  } else if (!store.vectors) {
    notes.push('This Postgres lacks the extension vector (pgvector), which catalogs beyond the browser need.');
  }
  if (cache.state === 'unavailable') {
    notes.push('Redis cannot be reached. Caches and limits go on in the memory of each instance.');
  }
  return notes;
}

/**
 * Whether every domain's artifacts are there and can be loaded (the first call loads them), and whether store and cache answer.
 * Without those two, the recommender goes on with less: `degraded`, which is no reason to take this server away.
 */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  '/api/health/ready',
  {
    async GET() {
      const [domains, ofStore, ofCache] = await Promise.all([checkDomains(), store().check(), cache().state()]);
      const states = Object.values(domains);
      const usable = states.length > 0 && states.every(({ state }) => state === 'ready');
      const whole = ofStore.state === 'ready' && ofCache.state === 'ready';
      if (usable) renewPages();
      return {
        body: {
          status: usable ? (whole ? 'ready' : 'degraded') : 'unavailable',
          domains,
          store: ofStore,
          cache: ofCache,
          notes: notesOf(ofStore, ofCache),
        },
        status: usable ? 200 : 503,
        caching: 'personal',
      };
    },
  },
  { limited: false },
);
