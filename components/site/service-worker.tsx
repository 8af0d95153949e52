'use client';

import { useEffect } from 'react';
import { afterFirstLoad } from '../engine/client';
import { whenIdle } from '../ui/idle';

/** Resolves once the page and all that it names have been fetched. */
function loaded(): Promise<unknown> {
  if (document.readyState === 'complete') return Promise.resolve();
  return new Promise((resolve) => window.addEventListener('load', resolve, { once: true }));
}

/** Lets a second visit work without the network; see public/sw.js. Off in development, where files change. */
export function ServiceWorker() {
  useEffect(() => {
    if (process.env.NODE_ENV !== 'production' || !('serviceWorker' in navigator)) return;
    const tell = async () => {
      await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' });
      const { active } = await navigator.serviceWorker.ready;
      // What this page fetched before the worker could see it.
      const loaded = performance.getEntriesByType('resource').map((entry) => entry.name);
      active?.postMessage({ type: 'keep', page: window.location.href, urls: loaded });
    };
    // Not while the page and its engine are still loading.
    let isGone = false;
    void loaded()
      .then(afterFirstLoad)
      .then(() => {
        if (!isGone) whenIdle(() => void tell().catch(() => undefined));
      });
    return () => {
      isGone = true;
    };
  }, []);
  return null;
}
