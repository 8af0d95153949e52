import { expect, test } from './fixtures';
import { storedEvents } from './known-visitor';
import { brokenRules, sidewaysScroll } from './look';
import { OWN_CATALOG } from './own-catalog';

// Not on the main server, where a save makes an item popular: other tests compare lists there.
const { url } = OWN_CATALOG;
test.use({ baseURL: url });

const DOMAIN = 'courses';

test('a saved item stays in the list and is stored, a hidden one leaves it and can come back; both are sent', async ({
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
  const sent = async () =>
    (await storedEvents(context, url))
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

  await test.step('by keyboard: “not interested” hides an item, focus goes to the next card, and the taste is unchanged', async () => {
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
    // The order of the others is unchanged: nothing was learned from this.
    const after = await domainPage.titles();
    expect(after).toHaveLength(20);
    expect(after[0]).toBe(first);
  });

  await test.step('both are there after a reload, and the address carries hidden items', async () => {
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

  await test.step('a hidden item is shown again', async () => {
    await button(`Show ${second} again`).click();
    await expect.poll(() => domainPage.titles()).toContain(second);
    await expect(page.getByRole('tabpanel')).toContainText('Nothing is hidden');
  });

  await test.step('an item of the saved list can be liked, removed, and restored by “Undo”', async () => {
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

  await test.step('all of it is sent, the save once: neither its removal nor the undoing is sent', async () => {
    await expect
      .poll(sent)
      .toEqual([`save ${firstId}`, `not_interested ${secondId}`, `retract ${secondId}`, `like ${firstId}`]);
  });
});

test('a new visitor hides a popular item, and another takes its place; nothing is too wide for a small phone', async ({
  page,
  domainPage,
}) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await domainPage.open(DOMAIN);
  const [first, second] = await domainPage.titles();
  const card = domainPage.recommendations.getByRole('listitem').first();
  const more = page.getByRole('button', { name: `More about ${first}`, exact: true });
  await more.click();
  // The narrow card has no room for the link beside the other buttons.
  await expect(card.getByRole('link')).toHaveCount(1);
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
  await page.getByRole('button', { name: `Not interested in ${first}`, exact: true }).click();
  await expect.poll(async () => (await domainPage.titles())[0]).toBe(second);
  await expect.poll(async () => (await domainPage.titles()).length).toBe(20);
  await expect(page.getByRole('heading', { name: /^Popular with/ })).toBeVisible();

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(async () => (await domainPage.titles())[0]).toBe(first);
});
