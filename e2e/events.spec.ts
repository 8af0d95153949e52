import { readFileSync } from 'node:fs';
import { expect, test } from './fixtures';
import { sentToApi, storedEvents } from './known-visitor';
import { brokenRules, sidewaysScroll } from './look';
import { OWN_CATALOG } from './own-catalog';
import { DomainPage } from './pages/domain-page';

// Not on the main server, where events of this test would make items popular: other tests compare lists there.
const { url } = OWN_CATALOG;
test.use({ baseURL: url });

const DOMAIN = 'courses';
const CARD = 'May this site learn from what you do here?';
/** The documented limit. */
const TRENDING_WITHIN_MS = 5000;
/** Longer than a page collects events before it sends them, and than a card must be in view. */
const TIME_TO_SEND_MS = 4500;

test('nothing is sent without consent, which is asked for after a like of one’s own, and only once', async ({
  page,
  domainPage,
  context,
}) => {
  const sent = sentToApi(context);
  const card = page.getByRole('heading', { name: CARD });
  const silent = async () => {
    await page.waitForTimeout(TIME_TO_SEND_MS);
    expect(sent).toEqual([]);
    expect(await context.cookies()).toEqual([]);
  };

  await domainPage.open(DOMAIN, 'likes=97-none');
  await domainPage.personal();
  await expect(card).toHaveCount(0);
  await page.getByRole('button', { name: 'Back to my picks' }).click();
  await expect(card).toHaveCount(0);
  await domainPage.like('machne learnig', 'Machine Learning');
  await expect(card).toBeVisible();
  await silent();

  await page.getByRole('button', { name: 'No, thanks' }).click();
  await expect(page.getByText('Nothing is sent.')).toBeVisible();
  await page.reload();
  await domainPage.personal();
  await domainPage.like('python', 'Python');
  await expect(card).toHaveCount(0);
  await silent();
});

test('a visitor who agrees is counted, sees all stored data, and can erase it', async ({
  page,
  domainPage,
  context,
}) => {
  const itemOf = (title: string) =>
    domainPage.recommendations
      .getByRole('listitem')
      .filter({ has: page.getByRole('button', { name: `Like ${title}`, exact: true }) })
      .first();
  const stored = () => storedEvents(context, url);
  const kindsOf = async (item: string) =>
    (await stored()).filter((event) => event.item === item && event.kind !== 'impression').map(({ kind }) => kind);
  // Links lead to other sites.
  await context.route(/^https:/, (route) => route.fulfill({ contentType: 'text/html', body: '<title>Elsewhere' }));

  await domainPage.open(DOMAIN);
  await domainPage.like('machne learnig', 'Machine Learning');
  await domainPage.personal();
  await domainPage.agree();
  const [cookie, ...others] = await context.cookies();
  expect(others).toEqual([]);
  expect(cookie).toMatchObject({ name: 'inkpick', httpOnly: true, sameSite: 'Lax' });

  const sent = sentToApi(context);
  const [title] = await domainPage.titles();
  const id = (await itemOf(title).getAttribute('data-item'))!;

  await test.step('seen, opened, followed and liked items are stored with their places', async () => {
    await itemOf(title).scrollIntoViewIfNeeded();
    await expect.poll(async () => (await stored()).map(({ item }) => item)).toContain(id);
    await page.getByRole('button', { name: `Why ${title}`, exact: true }).click();
    const elsewhere = context.waitForEvent('page');
    await itemOf(title).getByRole('link').click();
    await (await elsewhere).close();
    await page.getByRole('button', { name: `Like ${title}`, exact: true }).click();
    await expect.poll(() => kindsOf(id)).toEqual(['view', 'click', 'like']);
    const events = (await stored()).filter(({ item }) => item === id);
    expect(new Set(events.map(({ kind }) => kind))).toContain('impression');
    for (const event of events) {
      expect(event).toMatchObject({ domain: DOMAIN, slot: 0 });
      expect(event.list).toBeTruthy();
      expect(event.source).toBeTruthy();
    }
    // Likes from before the consent are not sent.
    expect((await stored()).filter(({ kind }) => kind === 'like')).toHaveLength(1);
  });

  await test.step('it is popular within five seconds', async () => {
    const trending = async () =>
      (await (await context.request.get(`${url}/api/trending/${DOMAIN}?window=day&limit=50`)).json()).results
        .filter(({ level }: { level: string }) => level === 'live')
        .map((item: { id: string }) => item.id);
    await expect.poll(trending, { timeout: TRENDING_WITHIN_MS }).toContain(id);
  });

  await test.step('taking the like back is sent too', async () => {
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => kindsOf(id)).toEqual(['view', 'click', 'like', 'retract']);
  });

  await test.step('the data page shows all of it, and offers it as a file', async () => {
    await page.goto('/your-data');
    await expect(page.getByText(/1 explanation opened, 1 link followed, 1 like, 1 undo/)).toBeVisible();
    expect(await brokenRules(page)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 800 });
    expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
    const file = JSON.parse(readFileSync(await (await download).path(), 'utf8'));
    expect(new Set(file.events.map((event: { id: string }) => event.id))).toEqual(
      new Set((await stored()).map((event) => event.id)),
    );
  });

  await test.step('after erasure nothing is stored, and nothing is sent any more', async () => {
    await page.getByRole('button', { name: 'Erase everything' }).click();
    await expect(page.getByRole('button', { name: 'Keep it' })).toBeFocused();
    await page.getByRole('button', { name: 'Yes, erase it' }).click();
    await expect(page.getByText('Erased. The server stores nothing')).toBeFocused();
    expect(await context.cookies()).toEqual([]);
    expect(sent).toContain('DELETE /api/me');
    sent.length = 0;
    await page.setViewportSize({ width: 1280, height: 900 });
    await domainPage.open(DOMAIN);
    await expect(domainPage.picks.getByRole('listitem')).toHaveCount(1);
    await domainPage.like('python', 'Python');
    await page.waitForTimeout(TIME_TO_SEND_MS);
    await expect(page.getByRole('heading', { name: CARD })).toHaveCount(0);
    expect(sent).toEqual([]);
  });
});

test('events without a network arrive once, also if the page was closed meanwhile', async ({
  page,
  domainPage,
  context,
}) => {
  const likes = async () =>
    (await storedEvents(context, url)).filter(({ kind }) => kind === 'like').map(({ item }) => item);
  const idOf = async (visitor: DomainPage, title: string) =>
    (await visitor.recommendations
      .getByRole('listitem')
      .filter({ has: visitor.page.getByRole('button', { name: `Like ${title}`, exact: true }) })
      .getAttribute('data-item')) as string;
  const likeNext = async (visitor: DomainPage) => {
    const [title] = await visitor.titles();
    const id = await idOf(visitor, title);
    await visitor.page.getByRole('button', { name: `Like ${title}`, exact: true }).click();
    await expect(visitor.picks.getByText(title, { exact: true })).toBeVisible();
    await expect.poll(() => visitor.titles()).not.toContain(title);
    return id;
  };

  await domainPage.open(DOMAIN);
  await domainPage.like('machne learnig', 'Machine Learning');
  await domainPage.personal();
  await domainPage.agree();
  await expect.poll(async () => (await storedEvents(context, url)).length).toBeGreaterThan(0);

  await context.setOffline(true);
  const first = await likeNext(domainPage);
  await page.waitForTimeout(TIME_TO_SEND_MS);
  await context.setOffline(false);
  await expect.poll(likes).toEqual([first]);

  await context.setOffline(true);
  const second = await likeNext(domainPage);
  await page.close();
  // Either the browser sends it as the page closes, or the next page does: it arrives once.
  await context.setOffline(false);
  const next = new DomainPage(await context.newPage());
  await next.open(DOMAIN);
  await next.personal();
  await expect.poll(likes).toEqual([first, second]);

  // The browser sends it as the page is left, and the next page, which saw no response, sends it again.
  const third = await likeNext(next);
  await next.page.goto('about:blank');
  await expect.poll(likes).toEqual([first, second, third]);
  await next.open(DOMAIN);
  await next.personal();
  await next.page.waitForTimeout(TIME_TO_SEND_MS);
  expect(await likes()).toEqual([first, second, third]);
});

test('a variant changes the list of visitors who agreed, and is sent; one that the address names is a preview', async ({
  page,
  domainPage,
  context,
}) => {
  const sent = sentToApi(context);
  const diversity = page.getByRole('slider', { name: 'Diversity' });
  const preview = `${DOMAIN}?try=diversity:varied`;
  const impressions = async () => (await storedEvents(context, url)).filter(({ kind }) => kind === 'impression');

  await domainPage.open(DOMAIN);
  await domainPage.like('machne learnig', 'Machine Learning');
  await domainPage.personal();
  const usual = [await domainPage.titles(), await diversity.inputValue()];
  await domainPage.open(preview);
  await domainPage.personal();
  expect(await diversity.inputValue()).toBe('0.35');
  expect(await domainPage.titles()).not.toEqual(usual[0]);
  expect(usual[1]).not.toBe('0.35');

  await domainPage.agree();
  await expect.poll(async () => (await impressions()).length).toBeGreaterThan(0);
  expect(new Set((await impressions()).map(({ variant }) => variant))).toEqual(new Set([null]));
  expect(sent).toContain('POST /api/events');

  await domainPage.open(DOMAIN);
  await domainPage.personal();
  await expect
    .poll(async () => (await impressions()).map(({ variant }) => variant))
    .toContainEqual(expect.stringMatching(/^diversity:(usual|varied)$/));
  const counted = (await impressions()).find(({ variant }) => variant !== null)!;
  expect(await diversity.inputValue()).toBe(counted.variant === 'diversity:varied' ? '0.35' : usual[1]);
});
