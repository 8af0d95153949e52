import { expect, test } from './fixtures';
import { heldEvents } from './known-visitor';
import { brokenRules, sidewaysScroll } from './look';
import { OWN_CATALOG } from './own-catalog';

// Not on the main server: a save makes an item popular there, and other tests compare lists.
const { url } = OWN_CATALOG;
test.use({ baseURL: url });

const DOMAIN = 'courses';

test('what is saved stays in the list and is kept, what is of no interest leaves it and can come back; both are told', async ({
  page,
  domainPage,
  context,
}) => {
  const { recommendations, picks } = domainPage;
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const inCards = (name: string) => recommendations.getByRole('button', { name, exact: true });
  const tab = (name: string) => page.getByRole('tab', { name: new RegExp(`^${name}`) });
  const saved = page.getByRole('list', { name: 'Saved for later' });
  const hidden = page.getByRole('list', { name: 'Hidden' });
  const told = async () =>
    (await heldEvents(context, url))
      .filter(({ kind }) => kind !== 'impression')
      .map(({ kind, item }) => `${kind} ${item}`);
  const idOf = async (title: string) =>
    (await recommendations
      .getByRole('listitem')
      .filter({ has: button(`Like ${title}`) })
      .getAttribute('data-item')) as string;

  await domainPage.open(DOMAIN);
  await domainPage.like('machne learnig', 'Machine Learning');
  await domainPage.personal();
  await domainPage.agree();
  const [first, second, ...others] = await domainPage.titles();
  const [firstId, secondId] = [await idOf(first), await idOf(second)];

  await test.step('a saved item is marked, and the list stays as it is', async () => {
    await inCards(`Save ${first} for later`).click();
    await expect(inCards(`Save ${first} for later`)).toHaveAttribute('aria-pressed', 'true');
    expect(await domainPage.titles()).toEqual([first, second, ...others]);
  });

  await test.step('by the keyboard: not interested hides an item, the next card has the focus, and the taste is as it was', async () => {
    await inCards(`More about ${second}`).focus();
    await page.keyboard.press('Enter');
    await expect(button(`Not interested in ${second}`)).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(inCards(`More about ${second}`)).toBeFocused();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await expect.poll(() => domainPage.titles()).not.toContain(second);
    await expect(inCards(`More about ${others[0]}`)).toBeFocused();
    await expect(picks.getByRole('listitem')).toHaveCount(1);
    // Whatever moved up stands in its old order: nothing was learned from this.
    const after = await domainPage.titles();
    expect(after).toHaveLength(20);
    expect(after[0]).toBe(first);
  });

  await test.step('both outlive a reload, and one’s own address carries what is hidden', async () => {
    await expect(page).toHaveURL(new RegExp(`[&#]hidden=${secondId}(&|$)`));
    await page.reload();
    await domainPage.personal();
    expect(await domainPage.titles()).not.toContain(second);
    await expect(inCards(`Save ${first} for later`)).toHaveAttribute('aria-pressed', 'true');
    await tab('Saved').click();
    await expect(saved.getByText(first, { exact: true })).toBeVisible();
    await expect(saved.getByRole('link', { name: first })).toHaveAttribute('href', /^https:/);
    await page.keyboard.press('ArrowRight');
    await expect(hidden.getByText(second, { exact: true })).toBeVisible();
    await inCards(`More about ${first}`).click();
    expect(await brokenRules(page)).toEqual([]);
  });

  await test.step('what was hidden is shown again', async () => {
    await button(`Show ${second} again`).click();
    await expect.poll(() => domainPage.titles()).toContain(second);
    await expect(page.getByRole('tabpanel')).toContainText('Nothing is hidden');
  });

  await test.step('from the saved list an item is liked, taken off, and put back by "Undo"', async () => {
    await tab('Saved').click();
    await saved.getByRole('button', { name: `Like ${first}`, exact: true }).click();
    await expect.poll(() => domainPage.titles()).not.toContain(first);
    await button(`Remove ${first} from saved`).click();
    await expect(page.getByRole('tabpanel')).toContainText('Nothing saved yet');
    await button('Undo').click();
    await expect(saved.getByRole('listitem')).toHaveCount(1);
    await tab('Picks').click();
    await expect(picks.getByRole('listitem')).toHaveCount(2);
  });

  await test.step('all of it is told, the save once: taking it back is not, and so neither is its undoing', async () => {
    await expect
      .poll(told)
      .toEqual([`save ${firstId}`, `not_interested ${secondId}`, `retract ${secondId}`, `like ${firstId}`]);
  });
});

test('a newcomer hides what is popular, and others take its place; nothing is too wide for a small phone', async ({
  page,
  domainPage,
}) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await domainPage.open(DOMAIN);
  const [first, second] = await domainPage.titles();
  const card = domainPage.recommendations.getByRole('listitem').first();
  const more = page.getByRole('button', { name: `More about ${first}`, exact: true });
  await more.click();
  // Where the card has no room for it beside the others.
  await expect(card.getByRole('link')).toHaveCount(1);
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
  await page.getByRole('button', { name: `Not interested in ${first}`, exact: true }).click();
  await expect.poll(async () => (await domainPage.titles())[0]).toBe(second);
  await expect.poll(async () => (await domainPage.titles()).length).toBe(20);
  await expect(page.getByRole('heading', { name: /^Popular with/ })).toBeVisible();

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(async () => (await domainPage.titles())[0]).toBe(first);
});
