'use client';

import { useEffect } from 'react';

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
    const start = () => void tell().catch(() => undefined);
    if (document.readyState === 'complete') start();
    else window.addEventListener('load', start, { once: true });
    return () => window.removeEventListener('load', start);
  }, []);
  return null;
}
