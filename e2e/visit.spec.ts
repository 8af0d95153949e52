import { expect, test } from './fixtures';

test('a new visitor answers the survey, finds a film by a mistyped title, likes two, and all of it is stored', async ({
  page,
  domainPage,
}) => {
  await page.goto('/welcome?domain=cinema');
  const interests = page.getByRole('checkbox');
  await expect(interests.first()).toBeVisible();
  expect(await interests.count()).toBeGreaterThanOrEqual(12);
  for (const name of ['Sci-Fi', 'Thriller', 'Mystery']) await page.getByRole('checkbox', { name }).check();
  await page.getByRole('button', { name: 'Continue' }).click();
  // “Don’t know it” changes the next question, but neither the picks nor the list.
  await expect(page.getByRole('heading', { name: 'Question 1' })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('heading', { name: 'Question 2' })).toBeVisible();
  await page.getByRole('button', { name: 'On to the list' }).click();
  const first = domainPage.recommendations;
  await expect(first.getByRole('listitem')).toHaveCount(20);
  for (const slot of [/popular/i, /interest/i, /different/i]) await expect(first.getByText(slot).first()).toBeVisible();

  await page
    .getByRole('link', { name: /Go on to your recommendations/ })
    .first()
    .click();
  await domainPage.personal();
  await expect(page.getByText('Sci-Fi').first()).toBeVisible();
  const fromInterests = await domainPage.titles();

  await domainPage.like('Godfater', 'The Godfather');
  await domainPage.like('shawshank redmption', 'The Shawshank Redemption');
  await expect(domainPage.picks.getByRole('listitem')).toHaveCount(2);
  await expect.poll(() => domainPage.titles()).not.toEqual(fromInterests);
  const hybrid = await domainPage.titles();
  expect(hybrid).toHaveLength(20);
  expect(hybrid).not.toContain('The Godfather');
  await expect(domainPage.recommendations.getByText(/Because you liked|Many who liked/).first()).toBeVisible();

  await domainPage.mode('Content');
  await expect.poll(() => domainPage.titles()).not.toEqual(hybrid);
  const content = await domainPage.titles();
  await domainPage.mode('Collaborative');
  await expect.poll(() => domainPage.titles()).not.toEqual(content);
  const collaborative = await domainPage.titles();
  expect(collaborative).not.toEqual(hybrid);

  await page.reload();
  await domainPage.personal();
  await expect(domainPage.picks.getByRole('listitem')).toHaveCount(2);
  await expect(page.getByRole('radio', { name: 'Collaborative' })).toBeChecked();
  expect(await domainPage.titles()).toEqual(collaborative);
});

test('settings changed just before a reload are stored', async ({ page, domainPage }) => {
  await domainPage.open('courses');
  for (const mode of ['Collaborative', 'Content', 'Hybrid'] as const) {
    await domainPage.mode(mode);
    await page.reload();
    await domainPage.ready();
    await expect(page.getByRole('radio', { name: mode })).toBeChecked();
  }
  await page.getByRole('slider', { name: 'Diversity' }).fill('0.7');
  await page.getByRole('slider', { name: 'Content share' }).fill('0.3');
  await page.reload();
  await domainPage.ready();
  await expect(page.getByRole('slider', { name: 'Diversity' })).toHaveValue('0.7');
  await expect(page.getByRole('slider', { name: 'Content share' })).toHaveValue('0.3');

  await test.step('for all domains', async () => {
    await page.goto('about:blank');
    await domainPage.open('music');
    await expect(page.getByRole('slider', { name: 'Diversity' })).toHaveValue('0.7');
  });

  await test.step('until the visitor resets them on the page about their data', async () => {
    await page.goto('/your-data');
    const row = page.getByRole('definition').filter({ hasText: /diversity 0.70/ });
    await expect(row).toContainText('Hybrid, content share 0.30, diversity 0.70');
    await row.getByRole('button', { name: 'Reset settings' }).click();
    await expect(row).toHaveCount(0);
    await domainPage.open('courses');
    await expect(page.getByRole('slider', { name: 'Diversity' })).toHaveValue('0.2');
  });
});

test('an address that names settings outranks the stored ones and does not replace them', async ({
  page,
  domainPage,
}) => {
  const mode = (name: string) => page.getByRole('radio', { name });
  const diversity = page.getByRole('slider', { name: 'Diversity' });
  await domainPage.open('courses');
  await domainPage.mode('Content');

  await test.step('also after a reload', async () => {
    await page.goto('about:blank');
    await domainPage.open('courses', 'mode=collaborative&diversity=0.50');
    await expect(mode('Collaborative')).toBeChecked();
    await expect(diversity).toHaveValue('0.5');
    await page.reload();
    await domainPage.ready();
    await expect(mode('Collaborative')).toBeChecked();
    await expect(diversity).toHaveValue('0.5');
  });

  await test.step('a page without settings in its address has the stored ones', async () => {
    await page.goto('about:blank');
    await domainPage.open('courses');
    await expect(mode('Content')).toBeChecked();
    await expect(diversity).toHaveValue('0.2');
  });

  await test.step('what the visitor changes on such a page is stored, and nothing else of it', async () => {
    await page.goto('about:blank');
    await domainPage.open('courses', 'mode=collaborative&diversity=0.50');
    await diversity.fill('0.6');
    await page.goto('about:blank');
    await domainPage.open('courses');
    await expect(mode('Content')).toBeChecked();
    await expect(diversity).toHaveValue('0.6');
  });
});

test('the survey can be skipped', async ({ page, domainPage }) => {
  await page.goto('/welcome?domain=music');
  await page.getByRole('link', { name: 'Skip', exact: true }).click();
  await expect(page).toHaveURL(/\/music/);
  await domainPage.ready();
});

for (const { domain, query, title } of [
  { domain: 'cinema', query: 'inceptoin', title: 'Inception' },
  { domain: 'music', query: 'metalica enter sandmn', title: 'Enter Sandman' },
  { domain: 'courses', query: 'machne learnig', title: 'Machine Learning' },
]) {
  test(`${domain}: a like found by its mistyped name gives 20 recommendations, found on the device by HNSW`, async ({
    page,
    domainPage,
  }) => {
    await domainPage.open(domain);
    await domainPage.like(query, title);
    const byGraph = page.getByText(/searched in .* on this device \(HNSW\)/);
    // The exact scan finds the first lists; the graph is opened after them.
    await expect(async () => {
      await domainPage.mode('Content');
      await domainPage.mode('Hybrid');
      await expect(byGraph).toBeVisible({ timeout: 2000 });
    }).toPass({ timeout: 120_000 });
    for (const mode of ['Collaborative', 'Hybrid'] as const) {
      await domainPage.mode(mode);
      await expect(byGraph).toBeVisible();
      expect(await domainPage.titles()).toHaveLength(20);
    }
  });
}

test('likes, dislikes, removals and undo change picks and list', async ({ page, domainPage }) => {
  await domainPage.open('cinema');
  await domainPage.like('the matrx', 'The Matrix');
  await domainPage.personal();
  const [first, second] = await domainPage.titles();
  await page
    .getByRole('button', { name: `Like ${first}`, exact: true })
    .first()
    .click();
  await expect(domainPage.picks.getByText(first, { exact: true })).toBeVisible();
  await expect.poll(() => domainPage.titles()).not.toContain(first);
  await page.getByRole('button', { name: `More about ${second}`, exact: true }).click();
  await domainPage.recommendations.getByRole('button', { name: `Dislike ${second}`, exact: true }).click();
  await expect(domainPage.picks.getByRole('listitem')).toHaveCount(3);
  await expect.poll(() => domainPage.titles()).not.toContain(second);
  await page.getByRole('button', { name: `Remove ${first}`, exact: true }).click();
  await expect(domainPage.picks.getByRole('listitem')).toHaveCount(2);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(domainPage.picks.getByRole('listitem')).toHaveCount(3);
  await expect(domainPage.picks.getByText(first, { exact: true })).toBeVisible();
});

test('content share and diversity change the list; the content share works in hybrid mode only', async ({
  page,
  domainPage,
}) => {
  await domainPage.open('cinema', 'likes=318,858,2571&alpha=0.00&diversity=0.00');
  await domainPage.personal();
  const collaborative = await domainPage.titles();
  const share = page.getByRole('slider', { name: 'Content share' });
  await share.fill('1');
  await expect.poll(() => domainPage.titles()).not.toEqual(collaborative);
  const content = await domainPage.titles();
  await page.getByRole('slider', { name: 'Diversity' }).fill('0.8');
  await expect.poll(() => domainPage.titles()).not.toEqual(content);
  await domainPage.mode('Content');
  await expect(share).toBeDisabled();
});

test('discovery changes the list, is in the address, kept for the next visit, and goes back to auto', async ({
  page,
  domainPage,
}) => {
  await domainPage.open('cinema', 'likes=318,858,2571');
  await domainPage.personal();
  const titles = await domainPage.titles();
  const slider = page.getByRole('slider', { name: 'Discovery' });
  const automatic = page.getByRole('button', { name: 'Auto discovery' });
  await expect(automatic).toHaveAttribute('aria-pressed', 'true');
  await slider.focus();
  await page.keyboard.press('End');
  await expect(automatic).toHaveAttribute('aria-pressed', 'false');
  await expect(page).toHaveURL(/discovery=1\.00/);
  await expect.poll(() => domainPage.titles()).not.toEqual(titles);
  await page.keyboard.press('Home');
  await expect(page).toHaveURL(/discovery=-1\.00/);
  await page.goto('about:blank');
  await domainPage.open('cinema');
  await expect(slider).toHaveValue('-1');
  await automatic.click();
  await expect(automatic).toHaveAttribute('aria-pressed', 'true');
  await expect(page).not.toHaveURL(/discovery=/);
});

test('the content share is chosen for the visitor, can be set by hand, and back to auto', async ({
  page,
  domainPage,
}) => {
  await domainPage.open('cinema', 'mode=hybrid&likes=318,858,296,356,593,2571,260,480,110,589,527,1196');
  await domainPage.personal();
  const share = page.getByRole('slider', { name: 'Content share' });
  const automatic = page.getByRole('button', { name: 'Auto content share' });
  await expect(automatic).toHaveAttribute('aria-pressed', 'true');
  const found = await share.getAttribute('aria-valuetext');
  expect(Number(found)).toBeGreaterThanOrEqual(0);
  const titles = await domainPage.titles();

  // Set by hand to the value found: the list stays, and the address carries it.
  await automatic.click();
  await expect(page).toHaveURL(new RegExp(`alpha=${found}`));
  await expect(share).toHaveAttribute('aria-valuetext', found!);

  await share.fill('0.9');
  await expect(automatic).toHaveAttribute('aria-pressed', 'false');
  await expect.poll(() => domainPage.titles()).not.toEqual(titles);
  await expect(page).toHaveURL(/alpha=0\.90/);

  await automatic.click();
  await expect(page).not.toHaveURL(/alpha=/);
  await expect(share).toHaveAttribute('aria-valuetext', found!);
  await expect.poll(() => domainPage.titles()).toEqual(titles);
});

test('a card explains its score in terms that add up', async ({ page, domainPage }) => {
  await domainPage.open('cinema', 'likes=318,858');
  await domainPage.personal();
  const [first] = await domainPage.titles();
  // The title of another item of the list may begin with this one.
  await page.getByRole('button', { name: `Why ${first}`, exact: true }).click();
  const why = page.getByRole('region', { name: `Why ${first}`, exact: true });
  for (const signal of ['What it is about', 'Similar viewers', 'Chosen together', 'Related', 'Popularity'])
    await expect(why).toContainText(signal);

  const numberIn = (text: string) => Number(text.replace('−', '-').match(/[-+]?\d+\.\d+/)![0]);
  const score = numberIn((await page.getByText(/^Score /).textContent()) as string);
  const contributions = (await why.getByText(/^[+−]?\d+\.\d\d$/).allInnerTexts()).map(numberIn);
  expect(contributions).toHaveLength(5);
  // Each is rounded to two places.
  expect(Math.abs(contributions.reduce((sum, term) => sum + term, 0) - score)).toBeLessThan(0.03);
});

test('domains keep their own picks', async ({ page, domainPage }) => {
  await domainPage.open('cinema');
  await domainPage.like('inception', 'Inception');
  await page.getByRole('navigation').getByRole('link', { name: 'Courses' }).click();
  await expect(page).toHaveURL(/\/courses/);
  await domainPage.ready();
  await expect(domainPage.picks.getByRole('listitem')).toHaveCount(0);
  await page.getByRole('navigation').getByRole('link', { name: 'Cinema' }).click();
  await expect(domainPage.picks.getByRole('listitem')).toHaveCount(1);
});
