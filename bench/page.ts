import { gzipSync } from 'node:zlib';
import type { Browser } from '@playwright/test';

/** Three picks in each domain's own numbers are drawn from what is popular. */
const PICKS = 3;

/** A cold visit with picks in its address: bytes, time to the first personal result, and what the main thread was kept busy by. */
export async function benchPage(browser: Browser, base: string, domain: string): Promise<string> {
  const popular = await (await fetch(`${base}/api/popular/${domain}?limit=${PICKS}`)).json();
  const likes = popular.results.map(({ id }: { id: string }) => encodeURIComponent(id)).join(',');
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const scripts: Promise<number>[] = [];
  page.on('response', (response) => {
    if (new URL(response.url()).pathname.endsWith('.js')) {
      scripts.push(
        response.body().then(
          (body) => gzipSync(body).length,
          () => 0,
        ),
      );
    }
  });
  await page.addInitScript(() => {
    const tasks: { start: number; duration: number }[] = [];
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) tasks.push({ start: startTime, duration });
    }).observe({ type: 'longtask', buffered: true });
    Object.assign(window, { longTasks: tasks });
  });
  const begin = performance.now();
  await page.goto(`${base}/${domain}#likes=${likes}`);
  await page.getByText(/searched in .* on this device/).waitFor();
  const cold = performance.now() - begin;
  const longTasks = await page.evaluate(
    () => (window as unknown as { longTasks: { start: number; duration: number }[] }).longTasks,
  );
  const scriptBytes = (await Promise.all(scripts)).reduce((sum, bytes) => sum + bytes, 0);
  const again = performance.now();
  await page.reload();
  await page.getByText(/searched in .* on this device/).waitFor();
  const warm = performance.now() - again;
  await context.close();
  const tasks =
    longTasks.map(({ start, duration }) => `${duration.toFixed(0)} ms at ${start.toFixed(0)}`).join(', ') || 'none';
  return `${domain}: first personal result ${cold.toFixed(0)} ms cold, ${warm.toFixed(0)} ms from the cache; scripts ${scriptBytes} bytes gzip; main-thread tasks over 50 ms: ${tasks}\n`;
}
