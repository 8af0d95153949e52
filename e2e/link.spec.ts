import type { BrowserContext } from '@playwright/test';
import { expect, test } from './fixtures';
import { DomainPage } from './pages/domain-page';

/** The artifacts of the items without interactions, which a browser loads after the first list. */
const TAIL = /\/artifacts\/cinema\/(catalogtail|contenttail|itemtower)\./;

test('a link shows the same list to another visitor, and changes nothing of theirs', async ({
  page,
  domainPage,
  browser,
}) => {
  await domainPage.open('cinema');
  await domainPage.like('Godfater', 'The Godfather');
  await domainPage.like('the matrx', 'The Matrix');
  await domainPage.personal();
  await domainPage.mode('Collaborative');
  await expect(page).toHaveURL(/#.*mode=collaborative/);
  await expect(page).toHaveURL(/likes=/);
  await domainPage.personal();
  const address = page.url();
  await page.reload();
  await domainPage.personal();
  const titles = await domainPage.titles();

  const other = await (await browser.newContext()).newPage();
  const theirs = new DomainPage(other);
  await theirs.open('cinema');
  await theirs.like('amelie', 'Amelie');
  await other.goto('about:blank');
  await other.goto(address);
  await theirs.personal();
  expect(await theirs.titles()).toEqual(titles);
  await other.getByRole('button', { name: 'Back to my picks' }).click();
  await expect(theirs.picks.getByText('Amelie', { exact: true })).toBeVisible();
  await expect(theirs.picks.getByRole('listitem')).toHaveCount(1);
  await other.context().close();
});

/** Likes two films. In content mode, their list contains films without interactions. */
async function likeTwo(visitor: DomainPage): Promise<void> {
  await visitor.like('the wrong trousers', 'Wallace & Gromit: The Wrong Trousers');
  await visitor.like('high fidelity', 'High Fidelity');
}

/** Delays the artifacts of the items without interactions. @returns lets them through */
async function holdTail(context: BrowserContext): Promise<() => void> {
  let release = () => {};
  const isReleased = new Promise<void>((resolve) => {
    release = resolve;
  });
  await context.route(TAIL, async (route) => {
    await isReleased;
    await route.continue();
  });
  return release;
}

test.describe('a copied link', () => {
  // A service worker's requests would bypass the routes.
  test.use({ permissions: ['clipboard-read', 'clipboard-write'], serviceWorkers: 'block' });

  for (const mode of ['Hybrid', 'Content'] as const) {
    test(`opens the sender's list in a browser that has to load the catalog first: ${mode}`, async ({
      page,
      domainPage,
      browser,
    }) => {
      await domainPage.open('cinema');
      // Search waits for the whole catalog: from here on the sender's lists are chosen from all of it.
      await likeTwo(domainPage);
      await domainPage.mode(mode);
      await domainPage.personal();
      await expect(page).toHaveURL(new RegExp(`mode=${mode.toLowerCase()}.*likes=\\d+,\\d+`));
      const titles = await domainPage.titles();
      expect(titles).toHaveLength(20);
      await page.getByRole('button', { name: 'Copy link' }).click();
      const address = await page.evaluate(() => navigator.clipboard.readText());

      const context = await browser.newContext({ serviceWorkers: 'block' });
      const release = await holdTail(context);
      const theirs = new DomainPage(await context.newPage());
      await theirs.page.goto(address);
      await expect(theirs.page.getByText(/[\d,]+ of [\d,]+ films searched so far/)).toBeVisible({ timeout: 60_000 });
      if (mode === 'Content') expect(await theirs.titles()).not.toEqual(titles);
      release();
      await theirs.personal();
      expect(await theirs.titles()).toEqual(titles);
      await context.close();
    });
  }

  test("completes the sender's own list, where that was chosen before the whole catalog was loaded", async ({
    page,
    domainPage,
    context,
    browser,
  }) => {
    await domainPage.open('cinema');
    await likeTwo(domainPage);
    await domainPage.mode('Content');
    await domainPage.personal();
    await expect(page).toHaveURL(/mode=content.*likes=\d+,\d+/);

    const release = await holdTail(context);
    await page.evaluate(async () => {
      for (const name of await caches.keys()) await caches.delete(name);
    });
    await page.reload();
    await domainPage.personal();
    await expect(page.getByText(/[\d,]+ of [\d,]+ films searched in/)).toBeVisible();
    const fromAPart = await domainPage.titles();
    await page.getByRole('button', { name: 'Copy link' }).click();
    await expect(page.getByText(/[\d,]+ of [\d,]+ films searched so far/)).toBeVisible();
    release();
    await domainPage.personal();
    const titles = await domainPage.titles();
    expect(titles).not.toEqual(fromAPart);

    const theirs = new DomainPage(await (await browser.newContext()).newPage());
    await theirs.page.goto(page.url());
    await theirs.personal();
    expect(await theirs.titles()).toEqual(titles);
    await theirs.page.context().close();
  });
});

test('picks are never sent to the server', async ({ page, domainPage }) => {
  const sent: string[] = [];
  page.on('request', (request) =>
    sent.push(`${request.url()} ${request.postData() ?? ''} ${JSON.stringify(request.headers())}`),
  );
  await domainPage.open('cinema', 'likes=318,858&mode=hybrid');
  await domainPage.personal();
  await page.reload();
  await domainPage.personal();
  expect(sent.length).toBeGreaterThan(5);
  // Playwright's URL of a request may contain the fragment, which browsers do not send.
  expect(sent.map((line) => line.replace(/#\S*/, '')).filter((line) => /likes=|318,858/.test(line))).toEqual([]);
});

test('two tabs share their picks without losing any', async ({ context, page, domainPage }) => {
  await domainPage.open('cinema');
  const second = new DomainPage(await context.newPage());
  await second.open('cinema');
  await domainPage.like('inception', 'Inception');
  await expect(second.picks.getByText('Inception', { exact: true })).toBeVisible();
  await second.like('the matrix', 'The Matrix');
  await expect(domainPage.picks.getByText('The Matrix', { exact: true })).toBeVisible();
  await expect(domainPage.picks.getByRole('listitem')).toHaveCount(2);
  await page.reload();
  await expect(domainPage.picks.getByRole('listitem')).toHaveCount(2);
});
