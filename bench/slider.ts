import type { Browser, Page } from '@playwright/test';
import type { Part } from './context';
import { type Measured, summarise } from './lines';
import { observedContext, popularPicks, visit } from './page';
import { throttled } from './throttle';
import { atMost, MAIN_DOMAIN, PHONE_SLOWDOWN } from './worker';

/** A round is ten steps up and ten down. Whole rounds return a slider to its start. */
const ROUND = 20;
const WARM_UP_PRESSES = ROUND;
const PRESSES = 3 * ROUND;
const SLIDERS = ['Diversity', 'Content share'] as const;

interface SliderWindow {
  /** Milliseconds from the time stamp of each key press to the frame with the new list. */
  pressTimes: number[];
}

/** Time from an arrow key on a slider of the page to the frame with the new list. */
export const benchSlider: Part = async ({ browser, server, log, domains }) => {
  if (!domains.includes(MAIN_DOMAIN)) return [];
  log(`${MAIN_DOMAIN}: from a slider to pixels`);
  const base = await server();
  const url = `${base}/${MAIN_DOMAIN}#${await popularPicks(base, MAIN_DOMAIN)}`;
  const lines: Measured[] = [];
  const chromium = await browser();
  const page = await open(chromium, url);
  for (const slider of SLIDERS)
    lines.push({
      domain: MAIN_DOMAIN,
      name: `${slider.toLowerCase()} slider to pixels`,
      unit: 'ms',
      ...summarise(await press(page, slider)),
      targets: atMost({ p99: 100 }),
    });
  const { result, slowdown } = await throttled(
    chromium,
    PHONE_SLOWDOWN,
    () => spin(page),
    async () => {
      const slow: Measured[] = [];
      for (const slider of SLIDERS)
        slow.push({
          domain: MAIN_DOMAIN,
          name: `${slider.toLowerCase()} slider to pixels, ${PHONE_SLOWDOWN}× slower`,
          unit: 'ms',
          ...summarise(await press(page, slider)),
        });
      return slow;
    },
  );
  for (const line of result) lines.push({ ...line, note: `page and worker slowed down ${slowdown.toFixed(1)}×` });
  await page.context().close();
  return lines;
};

async function open(browser: Browser, url: string): Promise<Page> {
  const { page } = await visit(await observedContext(browser), url);
  // Wait for the rest of the catalog and ONNX Runtime.
  await page.waitForTimeout(5000);
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { pressTimes: times });
    let pressed: number | null = null;
    document.addEventListener(
      'keydown',
      ({ timeStamp }) => {
        pressed = timeStamp;
      },
      { capture: true },
    );
    const list = document.querySelector('[aria-busy]')!;
    new MutationObserver(() => {
      if (pressed === null || list.getAttribute('aria-busy') !== 'false') return;
      const begin = pressed;
      pressed = null;
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => times.push(performance.now() - begin);
        port2.postMessage(null);
      });
    }).observe(list, { attributes: true, attributeFilter: ['aria-busy'] });
  });
  return page;
}

async function press(page: Page, slider: (typeof SLIDERS)[number]): Promise<number[]> {
  const control = page.getByRole('slider', { name: slider });
  await control.focus();
  await page.evaluate(() => {
    (window as unknown as SliderWindow).pressTimes.length = 0;
  });
  for (let i = 0; i < WARM_UP_PRESSES + PRESSES; i++) {
    await page.keyboard.press(i % ROUND < ROUND / 2 ? 'ArrowRight' : 'ArrowLeft');
    await page.waitForFunction((before) => (window as unknown as SliderWindow).pressTimes.length > before, i);
  }
  const times = await page.evaluate(() => (window as unknown as SliderWindow).pressTimes);
  return times.slice(WARM_UP_PRESSES);
}

const spin = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const begin = performance.now();
    let sum = 0;
    for (let i = 0; i < 3e7; i++) sum += Math.sqrt(i);
    return performance.now() - begin + sum * 0;
  });
