/*
 * Makes visited pages work offline.
 *
 * Cached here: pages, what the framework fetches for them, and the scripts, styles and fonts of the build.
 * Not cached here: /api, whose responses are only current, and /artifacts, which the page's loader verifies by hash and
 * caches itself.
 */
const VERSION = 1;
/** Files whose name changes with their content: cache first. */
const STATIC = `inkpick-static-${VERSION}`;
/** Documents: network first, the cached copy if it fails or is slow. */
const PAGES = `inkpick-pages-${VERSION}`;
/** Everything else that a page fetches: as documents. */
const DATA = `inkpick-data-${VERSION}`;
const CACHES = [STATIC, PAGES, DATA];
/** After this time a cached copy is served instead of waiting for the network. */
const NETWORK_TIMEOUT_MS = 3000;
const MAX_ENTRIES = { [STATIC]: 300, [PAGES]: 40, [DATA]: 80 };

/**
 * The name of a build file as scripts refer to it: `static/chunks/….js`. Scripts of workers are found only this way.
 * WebAssembly is large and not for every page, so it is cached when a page fetches it.
 */
const REFERENCE = /static\/(?:chunks|media)\/[\w.~@%()[\]/-]+?\.(?:js|css|woff2)\b/g;

self.addEventListener('install', (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(DATA).then((cache) => cache.addAll(['/theme.js', '/icon.svg'])));
  // Static routing, where browsers support it: requests that this worker does not handle skip it.
  const others = ['/artifacts/*', '/api/*'];
  for (const pathname of others) event.addRoutes?.({ condition: { urlPattern: { pathname } }, source: 'network' });
  // Immutable files are read from the cache without starting this worker. Not the scripts of workers: see cacheFirst.
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
      // The request for a page starts while this worker is still starting.
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

/** A page sends its address and the addresses of what it fetched before this worker was active. */
self.addEventListener('message', (event) => {
  const { type, page, urls } = event.data ?? {};
  if (type !== 'keep' || typeof page !== 'string' || !Array.isArray(urls)) return;
  event.waitUntil(Promise.all([cachePage(page), cacheStatic(urls)]));
});

async function cacheFirst(event) {
  const { request } = event;
  const cache = await caches.open(STATIC);
  let response = await cache.match(request, { ignoreVary: true });
  if (!response) {
    response = await fetch(request);
    if (response.status === 200) event.waitUntil(put(STATIC, request, response.clone()));
  }
  // A worker takes its address from its script's response, and its fragment says what to load. A fetched response
  // has lost the fragment; a new one takes the requested address.
  return request.destination === 'worker' ? new Response(response.body, response) : response;
}

async function networkFirst(event, name) {
  const { request } = event;
  const requested = (async () => (await event.preloadResponse) ?? fetch(request))();
  const fetched = requested.then((response) => {
    if (response.status === 200 && !response.redirected) event.waitUntil(put(name, request, response.clone()));
    return response;
  });
  // A response that is too late for this page still updates the cache.
  event.waitUntil(fetched.catch(() => undefined));
  const cached = await cachedCopy(request, name);
  if (cached) {
    const timeout = new Promise((resolve) => setTimeout(resolve, NETWORK_TIMEOUT_MS, cached));
    return Promise.race([fetched.catch(() => cached), timeout]);
  }
  try {
    return await fetched;
  } catch (error) {
    if (name === PAGES) return offlinePage(new URL(request.url), await (await caches.open(name)).keys());
    throw error;
  }
}

async function cachedCopy(request, name) {
  try {
    return await (await caches.open(name)).match(request, { ignoreSearch: name === PAGES });
  } catch {
    return undefined; // Storage is refused or broken.
  }
}

/** Redirects the home page to the page cached last; for any other address, lists the cached pages. */
function offlinePage(url, requests) {
  const cached = requests.map((request) => new URL(request.url).pathname);
  if (url.pathname === '/' && cached.length > 0) return Response.redirect(cached[cached.length - 1]);
  const links = [...new Set(cached)].map((path) => `<li><a href="${encodeURI(path)}">${encodeURI(path)}</a></li>`);
  const body = `<!doctype html><html lang="en-GB"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Offline · Inkpick</title><style>:root{color-scheme:light dark}body{font:1.1rem/1.6 Georgia,serif;max-width:34rem;margin:20vh auto;padding:0 1rem}</style>
<h1>You are offline.</h1><p>This page has not been opened on this device before. These pages have:</p><ul>${links.join('')}</ul>`;
  return new Response(body, { status: 503, headers: { 'content-type': 'text/html; charset=utf-8' } });
}

async function cachePage(address) {
  const url = new URL(address);
  url.hash = '';
  if (!isOurs(url)) return;
  const cache = await caches.open(PAGES);
  if (await cache.match(url.href)) return;
  const response = await fetch(url.href);
  if (response.status === 200 && !response.redirected) await put(PAGES, url.href, response);
}

/** Caches these build files and the files that they refer to. Most come from the browser's HTTP cache. */
async function cacheStatic(addresses) {
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
    const references = (await response.text()).match(REFERENCE) ?? [];
    for (const path of references) queue.push(new URL(`/_next/${path}`, self.location.origin));
  }
}

/** Caches a response and deletes the oldest entries beyond the maximum. Ignores errors, such as a full disk. */
async function put(name, request, response) {
  try {
    const cache = await caches.open(name);
    await cache.put(request, response);
    const keys = await cache.keys();
    await Promise.all(keys.slice(0, Math.max(0, keys.length - MAX_ENTRIES[name])).map((key) => cache.delete(key)));
  } catch {
    // The response goes to the page all the same.
  }
}
