import { expect, test } from './fixtures';
import { DomainPage } from './pages/domain-page';
import { domainsByTower, RUNTIME } from './towers';

test('popular items are shown before the engine is ready, and nothing jumps when it is', async ({
  page,
  domainPage,
}) => {
  let release = () => {};
  const isReleased = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.context().route('**/artifacts/**', async (route) => {
    await isReleased;
    await route.continue();
  });
  await page.addInitScript(() => {
    (window as unknown as { shift: number }).shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as unknown as { value: number; hadRecentInput: boolean }[]) {
        if (!entry.hadRecentInput) (window as unknown as { shift: number }).shift += entry.value;
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto('/cinema#likes=318,858');
  expect((await domainPage.titles()).length).toBeGreaterThanOrEqual(12);
  await expect(page.getByRole('progressbar')).toBeVisible();
  release();
  await domainPage.personal();
  expect(await page.evaluate(() => (window as unknown as { shift: number }).shift)).toBeLessThan(0.02);
});

test('a second visit needs no network', async ({ page, domainPage, context, request }) => {
  const hasTower = (await domainsByTower(request)).having.includes('courses');
  await domainPage.open('courses');
  await domainPage.like('python', 'Python');
  // A list of one's own stays as it was chosen, before or after the items without interactions are there: in this mode
  // they make no difference.
  await domainPage.mode('Collaborative');
  await domainPage.personal();
  const titles = await domainPage.titles();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(async () => {
    const names = await caches.keys();
    const stored = await Promise.all(
      names.map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)),
    );
    return stored.flat().some((url) => /\/courses$/.test(url));
  });
  // The last request of a visit: if it were not cached, the offline visit would log an error.
  const runtime = hasTower && page.waitForEvent('requestfinished', (request) => RUNTIME.test(request.url()));
  await page.reload();
  await domainPage.personal();
  await runtime;
  await context.setOffline(true);
  await page.reload();
  await domainPage.personal();
  expect(await domainPage.titles()).toEqual(titles);
});

test.describe('with broken artifacts', () => {
  test.use({ allowErrors: /Failed to load resource/ });
  for (const { fault, act, message } of [
    { fault: 'missing', act: () => ({ status: 404, body: '' }), message: /missing/i },
    {
      fault: 'altered',
      act: (body: Buffer) => ({ body: Buffer.from(body.map((byte, i) => (i === 2000 ? byte ^ 1 : byte))) }),
      message: /altered/i,
    },
    {
      fault: 'truncated',
      act: (body: Buffer) => ({ body: body.subarray(0, body.length >> 1) }),
      message: /cut short/i,
    },
    { fault: 'empty', act: () => ({ body: '' }), message: /empty/i },
  ]) {
    test(`${fault}: says so, keeps the popular list, and recovers on retry`, async ({ page, domainPage, context }) => {
      let broken = true;
      await context.route('**/artifacts/courses/latent.*.bin', async (route) => {
        if (!broken) return route.continue();
        const response = await route.fetch();
        await route.fulfill({ status: 200, contentType: 'application/octet-stream', ...act(await response.body()) });
      });
      await page.goto('/courses#likes=97-none');
      const alert = page.getByRole('alert').filter({ hasText: message });
      await expect(alert).toBeVisible({ timeout: 60_000 });
      expect((await domainPage.titles()).length).toBeGreaterThanOrEqual(12);
      broken = false;
      await page.getByRole('button', { name: /retry|try again/i }).click();
      await domainPage.like('machne learnig', 'Machine Learning');
      await domainPage.personal();
    });
  }
});

for (const { what, script } of [
  {
    what: 'IndexedDB',
    script:
      "Object.defineProperty(globalThis, 'indexedDB', { get() { throw new DOMException('denied', 'SecurityError'); } })",
  },
  {
    what: 'the Cache API',
    script:
      "Object.defineProperty(globalThis, 'caches', { get() { throw new DOMException('denied', 'SecurityError'); } })",
  },
]) {
  test(`works from memory without ${what}`, async ({ page, domainPage, context }) => {
    await page.addInitScript(script);
    // Init scripts do not reach the worker's globals: the same line is put before its script.
    await context.route('**/_next/static/**/*.js', async (route) => {
      const response = await route.fetch();
      const isWorker = route.request().headers()['sec-fetch-dest'] === 'worker';
      await route.fulfill({ response, body: isWorker ? `${script};${await response.text()}` : await response.text() });
    });
    await domainPage.open('courses');
    await domainPage.like('machne learnig', 'Machine Learning');
    await domainPage.personal();
    expect(await domainPage.titles()).toHaveLength(20);
  });
}

test('accepts a history of thousands, of unknown ids, and of nothing', async ({ page, domainPage, request }) => {
  const popular = await Promise.all(
    Array.from(
      { length: 50 },
      async (_, i) => (await (await request.get(`/api/popular/cinema?limit=100&offset=${100 * i}`)).json()).results,
    ),
  );
  const ids = popular.flat().map(({ id }: { id: string }) => id);
  expect(ids).toHaveLength(5000);
  await domainPage.open('cinema', `likes=${ids.join(',')}`);
  await domainPage.personal();
  expect(await domainPage.titles()).toHaveLength(20);
  await page.goto('about:blank');
  await domainPage.open('cinema', 'likes=999999999,nonsense,318');
  await domainPage.personal();
  expect(await domainPage.titles()).toHaveLength(20);
  await page.goto('about:blank');
  await domainPage.open('cinema', 'likes=&mode=nonsense&alpha=NaN&diversity=1e9');
  expect((await domainPage.titles()).length).toBeGreaterThanOrEqual(12);
});

test('search accepts queries in any script and of any length', async ({ page, domainPage }) => {
  await domainPage.open('cinema');
  for (const query of [
    '七人の侍',
    'Андрей Рублёв',
    'أفلام',
    '🎬🎬🎬',
    '"><script>alert(1)</script>',
    '%00%ff',
    'a'.repeat(10_000),
  ]) {
    await domainPage.type(query);
    await expect(
      page
        .getByRole('option')
        .first()
        .or(page.getByText(/No film by that name/).first())
        .first(),
    ).toBeVisible();
  }
  await domainPage.type('');
  await domainPage.like('the matrx', 'The Matrix');
});

test('a crashed worker is replaced, and the list comes back', async ({ page, context }) => {
  const visitor = new DomainPage(page);
  await visitor.open('courses');
  await visitor.like('machne learnig', 'Machine Learning');
  await visitor.personal();
  const [worker] = page.workers();
  const next = page.waitForEvent('worker');
  await worker.evaluate(() => {
    setTimeout(() => {
      throw new Error('crash on purpose');
    });
  });
  await visitor.mode('Content');
  await next;
  await visitor.personal();
  expect(await visitor.titles()).toHaveLength(20);
  expect(context.pages()).toHaveLength(1);
});
