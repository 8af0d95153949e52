import { expect, test } from './fixtures';
import { DomainPage } from './pages/domain-page';

test('a link shows the same list to somebody else, and touches nothing of theirs', async ({
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
  // The fragment is the browser's own: a request's URL as Playwright tells it may bear it, what is sent never does.
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
