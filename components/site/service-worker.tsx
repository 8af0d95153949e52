'use client';

import { useEffect } from 'react';
import { afterFirstLoad } from '../engine/client';
import { whenIdle } from '../ui/idle';

/** Resolves after the page's `load` event. */
function pageLoaded(): Promise<unknown> {
  if (document.readyState === 'complete') return Promise.resolve();
  return new Promise((resolve) => window.addEventListener('load', resolve, { once: true }));
}

/** Registers public/sw.js, which makes visited pages work offline. Off in development, where files change. */
export function ServiceWorker() {
  useEffect(() => {
    if (process.env.NODE_ENV !== 'production' || !('serviceWorker' in navigator)) return;
    const register = async () => {
      await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' });
      const { active } = await navigator.serviceWorker.ready;
      // The worker has not seen what this page fetched before it was active.
      const urls = performance.getEntriesByType('resource').map((entry) => entry.name);
      active?.postMessage({ type: 'keep', page: window.location.href, urls });
    };
    // Do not compete with the page and its engine while they load.
    let isUnmounted = false;
    void pageLoaded()
      .then(afterFirstLoad)
      .then(() => {
        if (!isUnmounted) whenIdle(() => void register().catch(() => undefined));
      });
    return () => {
      isUnmounted = true;
    };
  }, []);
  return null;
}
