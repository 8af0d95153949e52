import { expect, test } from './fixtures';

test('recommends five films for one film by its IMDb id, each with a reason', async ({ request }) => {
  for (const path of ['/api/recommend/cinema', '/recommend/cinema']) {
    const response = await request.get(`${path}?item_id=tt0111161&top_k=5&mode=hybrid`);
    expect(response.status()).toBe(200);
    const body = await response.json();
    expect(body).toMatchObject({ domain: 'cinema', mode: 'hybrid' });
    expect(body.alpha).toBeGreaterThanOrEqual(0);
    expect(body.alpha).toBeLessThanOrEqual(1);
    expect(body.results).toHaveLength(5);
    for (const { id, title, year, score, reasons } of body.results) {
      expect(id).not.toBe('318');
      expect(title).toBeTruthy();
      expect(year).toBeGreaterThan(1900);
      expect(score).toBeGreaterThan(0);
      expect(reasons[0]).toMatchObject({ kind: 'history', title: 'The Shawshank Redemption' });
    }
    expect(body.latency_ms).toBeGreaterThan(0);
  }
});

test('every endpoint responds, and health reports that all domains are ready', async ({ request }) => {
  const domains = (await (await request.get('/api/domains')).json()).domains.map(({ id }: { id: string }) => id);
  expect(domains).toEqual(['cinema', 'music', 'courses']);
  for (const domain of domains) {
    const popular = (await (await request.get(`/api/popular/${domain}?limit=3`)).json()).results;
    expect(popular).toHaveLength(3);
    const [{ id, title }] = popular;
    expect((await (await request.get(`/api/items/${domain}/${encodeURIComponent(id)}`)).json()).title).toBe(title);
    const found = await (await request.get(`/api/search/${domain}?q=${encodeURIComponent(title)}`)).json();
    expect(found.results.map((hit: { title: string }) => hit.title)).toContain(title);
    for (const mode of ['hybrid', 'content', 'collaborative', 'popular']) {
      const response = await request.post(`/api/recommend/${domain}`, {
        data: { history: popular.map((item: { id: string }) => item.id), mode, top_k: 7 },
      });
      expect((await response.json()).results).toHaveLength(7);
    }
  }
  expect((await request.get('/api/health/live')).status()).toBe(200);
  expect((await request.get('/api/health/ready')).status()).toBe(200);
});

test('errors say what was wrong, without a stack trace', async ({ request }) => {
  for (const [path, status, code] of [
    ['/api/recommend/cinema?item_id=318&top_k=-1', 400, 'INVALID_REQUEST'],
    ['/api/recommend/cinema?item_id=318&top_k=1e9', 400, 'INVALID_REQUEST'],
    ['/api/recommend/cinema?item_id=318&top_k=NaN', 400, 'INVALID_REQUEST'],
    ['/api/recommend/cinema?item_id=318&mode=psychic', 400, 'INVALID_REQUEST'],
    ['/api/recommend/books?item_id=318', 404, 'DOMAIN_NOT_FOUND'],
    ['/api/recommend/cinema?item_id=Godfater', 404, 'ITEM_NOT_FOUND'],
    ['/api/nothing/here', 404, 'NOT_FOUND'],
  ] as const) {
    const response = await request.get(path);
    expect(response.status(), path).toBe(status);
    const { error } = await response.json();
    expect(error.code, path).toBe(code);
    expect(error.message).not.toMatch(/\bat .*:\d+:\d+/);
  }
  const { error } = await (await request.get('/api/recommend/cinema?item_id=Godfater')).json();
  expect(JSON.stringify(error)).toContain('The Godfather');
  expect((await request.delete('/api/recommend/cinema')).status()).toBe(405);
  const large = await request.post('/api/recommend/cinema', {
    data: { history: Array.from({ length: 400_000 }, (_, i) => String(i)) },
  });
  expect(large.status()).toBe(413);
});

test('the first list of a new visitor is full, labelled, and the same for the same visitor', async ({ request }) => {
  const interests = (await (await request.get('/api/domains')).json()).domains[0].interests
    .slice(0, 4)
    .map(({ id }: { id: string }) => id);
  const ask = async (visitor: string) =>
    (await (await request.post('/api/onboarding', { data: { domain: 'cinema', interests, visitor } })).json()).results;
  const list = await ask('anna');
  const count = (slot: string) => list.filter((item: { slot: string }) => item.slot === slot).length;
  expect(list).toHaveLength(20);
  expect([count('popular'), count('interest'), count('explore')]).toEqual([4, 12, 4]);
  expect(await ask('anna')).toEqual(list);
  expect(await ask('ben')).not.toEqual(list);
});

test('documents, workers and artifacts have the headers they need', async ({ request }) => {
  const page = (await request.get('/cinema')).headers();
  expect(page['content-security-policy']).not.toContain('unsafe-eval');
  expect(page['x-content-type-options']).toBe('nosniff');
  expect(page['x-powered-by']).toBeUndefined();
  const manifest = await request.get('/artifacts/cinema/manifest.json');
  expect(manifest.headers()['cache-control']).toContain('no-cache');
  const [{ file }] = (await manifest.json()).artifacts;
  expect((await request.get(`/artifacts/cinema/${file}`)).headers()['cache-control']).toContain('immutable');
});

test('serves the icon under the path that browsers request by default', async ({ request }) => {
  const response = await request.get('/favicon.ico');
  expect(response.status()).toBe(200);
  expect(response.headers()['content-type']).toContain('image/svg+xml');
});
