import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/**
 * Waits until the page looks the way it will stay: fonts and images are loaded, and no CSS transition or animation
 * runs. A colour in transition, after the colour scheme changed or a card appeared, has a contrast of its own.
 */
async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    await document.fonts.ready;
    const isLoading = (image: HTMLImageElement) => !image.complete && image.loading !== 'lazy';
    await Promise.all([...document.images].filter(isLoading).map((image) => image.decode().catch(() => {})));
    for (;;) {
      // React may commit, and styles may change, in the frame under way; transitions begin with the one after it.
      await nextFrame();
      await nextFrame();
      // Cards far from the screen are not styled (content-visibility) before someone asks, as axe will.
      for (const element of document.querySelectorAll('*')) void getComputedStyle(element).color;
      const running = document.getAnimations().filter(({ playState, effect }) => {
        const { endTime } = effect?.getComputedTiming() ?? {};
        return playState === 'running' && endTime !== Number.POSITIVE_INFINITY;
      });
      if (running.length === 0) return;
      for (const animation of running) {
        const { target } = animation.effect as KeyframeEffect;
        // The clock of what is not laid out stands still.
        if (!target?.checkVisibility({ contentVisibilityAuto: true })) animation.finish();
      }
      // An animation that is cancelled, for instance with its element, rejects.
      await Promise.all(running.map(({ finished }) => finished.catch(() => {})));
    }
  });
}

/** The accessibility rules that a page breaks once it has settled, each with the elements at fault. */
export async function brokenRules(page: Page): Promise<string[]> {
  await settle(page);
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** By how many pixels a page is wider than its window. */
export const sidewaysScroll = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
