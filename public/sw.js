/*
 * Lets the pages that were visited open without the network.
 *
 * Kept here: pages, what the framework fetches for them, and the scripts, styles and fonts of the build.
 * Not kept here: /api, which answers for now, and /artifacts, which the page's own loader verifies by hash and
 * keeps itself.
 */
const VERSION = 1;
/** Files whose name changes with their content: once kept, always right. */
const STATIC = `inkpick-static-${VERSION}`;
/** Documents: the network's answer first, the kept one when there is none. */
const PAGES = `inkpick-pages-${VERSION}`;
/** Whatever else a page asks for: as documents. */
const DATA = `inkpick-data-${VERSION}`;
const CACHES = [STATIC, PAGES, DATA];
/** How long the network may take where there is a copy. */
const PATIENCE_MS = 3000;
const MOST = { [STATIC]: 300, [PAGES]: 40, [DATA]: 80 };

/**
 * A file of the build, as scripts name it: `static/chunks/….js`. Workers' scripts are found by this alone. WebAssembly is
 * large and not for every page: it is kept once a page has asked for it.
 */
const REFERENCE = /static\/(?:chunks|media)\/[\w.~@%()[\]/-]+?\.(?:js|css|woff2)\b/g;

self.addEventListener('install', (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(DATA).then((cache) => cache.addAll(['/theme.js', '/icon.svg'])));
  // Browsers that can leave this worker out of the way for what it does not answer anyway.
  const others = ['/artifacts/*', '/api/*'];
  for (const pathname of others) event.addRoutes?.({ condition: { urlPattern: { pathname } }, source: 'network' });
  // What never changes is read where it is kept, without waiting for this worker to start. Not the scripts of workers: see
  // cacheFirst.
  for (const requestDestination of ['script', 'style', 'font']) {
    const condition = { urlPattern: { pathname: '/_next/static/*' }, requestDestination };
    event.addRoutes?.({ condition, source: { cacheName: STATIC } });
  }
});

self.addEventListener('activate', (event) => {
  const isOld = (name) => /^inkpick-(static|pages|data)-/.test(name) && !CACHES.includes(name);
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(isOld).map((name) => caches.delete(name))))
      // The network is asked for a page while this worker still starts.
      .then(() => self.registration.navigationPreload?.enable())
      .then(() => self.clients.claim()),
  );
});

const isStatic = (url) => url.pathname.startsWith('/_next/static/');
const isOurs = (url) =>
  url.origin === self.location.origin && !/^\/(?:(?:api|artifacts|recommend)\/|sw\.js$)/.test(url.pathname);

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || !isOurs(url)) return;
  if (isStatic(url)) event.respondWith(cacheFirst(event));
  else event.respondWith(networkFirst(event, request.mode === 'navigate' ? PAGES : DATA));
});

/** A page tells where it is and what it fetched before this worker could see it. */
self.addEventListener('message', (event) => {
  const { type, page, urls } = event.data ?? {};
  if (type !== 'keep' || typeof page !== 'string' || !Array.isArray(urls)) return;
  event.waitUntil(Promise.all([keepPage(page), keepStatic(urls)]));
});

async function cacheFirst(event) {
  const { request } = event;
  const cache = await caches.open(STATIC);
  let response = await cache.match(request, { ignoreVary: true });
  if (!response) {
    response = await fetch(request);
    if (response.status === 200) event.waitUntil(put(STATIC, request, response.clone()));
  }
  // A worker takes its address, whose fragment tells it what to load, from its script's response. A response
  // that was fetched has lost the fragment; a new one takes the address that was asked for.
  return request.destination === 'worker' ? new Response(response.body, response) : response;
}

async function networkFirst(event, name) {
  const { request } = event;
  const asked = (async () => (await event.preloadResponse) ?? fetch(request))();
  const fetched = asked.then((response) => {
    if (response.status === 200 && !response.redirected) event.waitUntil(put(name, request, response.clone()));
    return response;
  });
  // An answer that comes too late for this page still renews the copy for the next.
  event.waitUntil(fetched.catch(() => undefined));
  const kept = await keptCopy(request, name);
  if (kept) {
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, kept));
    return Promise.race([fetched.catch(() => kept), late]);
  }
  try {
    return await fetched;
  } catch (error) {
    if (name === PAGES) return withoutNetwork(new URL(request.url), await (await caches.open(name)).keys());
    throw error;
  }
}

async function keptCopy(request, name) {
  try {
    return await (await caches.open(name)).match(request, { ignoreSearch: name === PAGES });
  } catch {
    return undefined; // Storage is refused or broken: there is only the network.
  }
}

/** The home address leads to the page kept last; any other says what there is. */
function withoutNetwork(url, requests) {
  const kept = requests.map((request) => new URL(request.url).pathname);
  if (url.pathname === '/' && kept.length > 0) return Response.redirect(kept[kept.length - 1]);
  const links = [...new Set(kept)].map((path) => `<li><a href="${encodeURI(path)}">${encodeURI(path)}</a></li>`);
  const body = `<!doctype html><html lang="en-GB"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>No network · Inkpick</title><style>:root{color-scheme:light dark}body{font:1.1rem/1.6 Georgia,serif;max-width:34rem;margin:20vh auto;padding:0 1rem}</style>
<h1>There is no network.</h1><p>This page was not opened before, so there is no copy of it. These were:</p><ul>${links.join('')}</ul>`;
  return new Response(body, { status: 503, headers: { 'content-type': 'text/html; charset=utf-8' } });
}

async function keepPage(address) {
  const url = new URL(address);
  url.hash = '';
  if (!isOurs(url)) return;
  const cache = await caches.open(PAGES);
  if (await cache.match(url.href)) return;
  const response = await fetch(url.href);
  if (response.status === 200 && !response.redirected) await put(PAGES, url.href, response);
}

/** Keeps these files of the build and those that they name. The browser has most of them at hand. */
async function keepStatic(addresses) {
  const cache = await caches.open(STATIC);
  const queue = addresses
    .map((address) => new URL(address, self.location.origin))
    .filter((url) => isOurs(url) && isStatic(url));
  const seen = new Set();
  for (let url = queue.pop(); url; url = queue.pop()) {
    url.hash = '';
    url.search = '';
    if (seen.has(url.href)) continue;
    seen.add(url.href);
    let response = await cache.match(url.href, { ignoreVary: true });
    if (!response) {
      response = await fetch(url.href).catch(() => null);
      if (response?.status !== 200) continue;
      await put(STATIC, url.href, response.clone());
    }
    if (!url.pathname.endsWith('.js')) continue;
    const named = (await response.text()).match(REFERENCE) ?? [];
    for (const path of named) queue.push(new URL(`/_next/${path}`, self.location.origin));
  }
}

/** Keeps a response and drops the oldest beyond the most. A full disk is no reason to fail a request. */
async function put(name, request, response) {
  try {
    const cache = await caches.open(name);
    await cache.put(request, response);
    const keys = await cache.keys();
    await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST[name])).map((key) => cache.delete(key)));
  } catch {
    // Nothing kept; the network's answer still goes to the page.
  }
}
