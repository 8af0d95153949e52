import { test as base, expect } from '@playwright/test';
import { DomainPage } from './pages/domain-page';

/**
 * Every test gets a page in a browser profile of its own. It fails if the page logged an error or broke its content
 * policy: these are faults even where nothing on the screen shows them.
 */
export const test = base.extend<{ domainPage: DomainPage; allowErrors: RegExp | null }>({
  allowErrors: [null, { option: true }],
  page: async ({ page, allowErrors }, use) => {
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`);
    });
    await use(page);
    // A request that is still being intercepted when the test ends is no fault of the page.
    await page.context().unrouteAll({ behavior: 'ignoreErrors' });
    expect(errors.filter((error) => !allowErrors?.test(error))).toEqual([]);
  },
  domainPage: async ({ page }, use) => use(new DomainPage(page)),
});

export { expect };
