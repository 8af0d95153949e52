import { revalidatePath } from 'next/cache';
import { checkDomains } from '@/lib/server/catalog';
import { route } from '@/lib/server/http';
import { currentSettings } from '@/lib/server/settings';
import { shared } from '@/lib/server/shared';

/**
 * Has each page made anew when it is next asked for, once in the life of a server of one's own: a domain may have been added
 * or built anew since the pages were. Elsewhere artifacts change with a deployment, which makes the pages too.
 */
function renewPages(): void {
  if (!currentSettings().renewsPages) return;
  shared('pages-renewed', () => {
    revalidatePath('/', 'layout');
    return true;
  });
}

/** Whether every domain's artifacts are there and can be loaded; the first call loads them. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  '/api/health/ready',
  {
    async GET() {
      const domains = await checkDomains();
      const states = Object.values(domains);
      const ready = states.length > 0 && states.every(({ state }) => state === 'ready');
      if (ready) renewPages();
      return {
        body: { status: ready ? 'ready' : 'unavailable', domains },
        status: ready ? 200 : 503,
        caching: 'personal',
      };
    },
  },
  { limited: false },
);
