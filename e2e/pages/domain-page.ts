import { expect, type Locator, type Page } from '@playwright/test';

/** For what waits until a catalog, or the rest of it, has been loaded. */
const LOADED = { timeout: 60_000 };

/** A domain's page, with what its visitor does there. */
export class DomainPage {
  readonly page: Page;
  readonly recommendations: Locator;
  readonly picks: Locator;
  readonly search: Locator;

  constructor(page: Page) {
    this.page = page;
    this.recommendations = page.getByRole('list', { name: 'Recommendations' });
    this.picks = page.getByRole('list', { name: 'Your picks' });
    this.search = page.getByRole('combobox');
  }

  /** Opens a domain and waits until its engine is ready. @param fragment without `#` */
  async open(domain: string, fragment = ''): Promise<void> {
    await this.page.goto(`/${domain}${fragment && `#${fragment}`}`);
    await this.ready();
  }

  async ready(): Promise<void> {
    await expect(this.page.getByRole('progressbar')).toHaveCount(0, LOADED);
  }

  /** Waits for the final list made on this device. */
  async personal(): Promise<void> {
    await expect(this.page.getByText(/searched in .* on this device/)).toBeVisible(LOADED);
  }

  /** Titles of the list, in order, once it is complete. */
  async titles(): Promise<string[]> {
    await expect(this.recommendations.getByRole('listitem').first()).toBeVisible();
    await expect(this.page.locator('[aria-busy="true"]')).toHaveCount(0);
    return this.recommendations
      .getByRole('button', { name: /^Like / })
      .evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label')!.slice('Like '.length)));
  }

  async type(text: string): Promise<void> {
    await this.search.click();
    await this.search.fill(text);
  }

  /** Searches, which waits for the whole catalog, and likes the first hit, whose title must begin as expected. */
  async like(text: string, title: string): Promise<void> {
    await this.type(text);
    await expect(this.page.getByRole('option').first()).toContainText(title, LOADED);
    await this.search.press('Enter');
    await expect(this.picks.getByRole('listitem').filter({ hasText: title })).not.toHaveCount(0);
  }

  /** Agrees, on the card below the list, that events are sent to the server. */
  async agree(): Promise<void> {
    await this.page.getByRole('button', { name: 'I agree' }).click();
    await expect(this.page.getByText('Thank you. You can see and erase all of it')).toBeVisible();
  }

  async mode(name: 'Hybrid' | 'Content' | 'Collaborative'): Promise<void> {
    await this.page.getByRole('radio', { name }).check();
  }
}
