import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { pathToFileURL } from 'node:url';
import { chromium } from '@playwright/test';

/** Minimum scores by category. */
export const LIGHTHOUSE_TARGETS = { performance: 95, accessibility: 100, 'best-practices': 100 } as const;
export type LighthouseCategory = keyof typeof LIGHTHOUSE_TARGETS;

const SYSTEM_CHROMIUM = '/usr/bin/chromium';

/** Lighthouse's scores of a page, out of 100, and its measurements. */
export interface LighthouseScores {
  path: string;
  points: Record<LighthouseCategory, number>;
  milliseconds: Record<'first-contentful-paint' | 'largest-contentful-paint' | 'total-blocking-time', number>;
  /** Cumulative layout shift, without a unit. */
  layoutShift: number;
  /** Ids of audits that cost points. */
  faults: string[];
}

/** The part of Lighthouse's result that is used here. */
interface Result {
  lhr: {
    categories: Record<string, { score: number | null; auditRefs: { id: string; weight: number }[] }>;
    audits: Record<string, { score: number | null; numericValue?: number }>;
  };
}
type Lighthouse = (url: string, flags: { port: number; onlyCategories: string[]; logLevel: string }) => Promise<Result>;

/**
 * Lighthouse is larger than all dependencies together, so it is not one of them. Install it with
 * `npm i --no-save lighthouse@12`, or set `LIGHTHOUSE` to a folder that has it in its node_modules.
 *
 * @returns undefined if it is not installed
 */
async function findLighthouse(): Promise<Lighthouse | undefined> {
  for (const folder of [process.env.LIGHTHOUSE, process.cwd()]) {
    if (!folder) continue;
    try {
      const file = createRequire(`${folder}/package.json`).resolve('lighthouse');
      return (await import(pathToFileURL(file).href)).default;
    } catch {
      // Not here.
    }
  }
  return undefined;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/**
 * Rates pages of a running server on a phone simulated by Lighthouse, with a cold cache. Of several runs, the one with
 * the median performance score is used.
 *
 * @returns undefined if Lighthouse is not installed
 */
export async function rateWithLighthouse(
  base: string,
  paths: readonly string[],
  runs = 3,
): Promise<LighthouseScores[] | undefined> {
  const lighthouse = await findLighthouse();
  if (!lighthouse) return undefined;
  const categories = Object.keys(LIGHTHOUSE_TARGETS) as LighthouseCategory[];
  const scores: LighthouseScores[] = [];
  for (const path of paths) {
    const results: LighthouseScores[] = [];
    for (let run = 0; run < runs; run++) {
      const port = await freePort();
      const browser = await chromium.launch({
        executablePath: existsSync(SYSTEM_CHROMIUM) ? SYSTEM_CHROMIUM : undefined,
        args: ['--no-sandbox', '--disable-background-networking', `--remote-debugging-port=${port}`],
      });
      try {
        const { lhr } = await lighthouse(base + path, { port, onlyCategories: categories, logLevel: 'error' });
        const value = (id: string) => lhr.audits[id].numericValue ?? Number.NaN;
        results.push({
          path,
          points: Object.fromEntries(
            categories.map((id) => [id, Math.round(100 * (lhr.categories[id].score ?? 0))]),
          ) as LighthouseScores['points'],
          milliseconds: {
            'first-contentful-paint': value('first-contentful-paint'),
            'largest-contentful-paint': value('largest-contentful-paint'),
            'total-blocking-time': value('total-blocking-time'),
          },
          layoutShift: value('cumulative-layout-shift'),
          faults: categories.flatMap((id) =>
            lhr.categories[id].auditRefs
              .filter((audit) => audit.weight > 0 && (lhr.audits[audit.id].score ?? 1) < 0.9)
              .map((audit) => audit.id),
          ),
        });
      } finally {
        await browser.close();
      }
    }
    results.sort((a, b) => a.points.performance - b.points.performance);
    scores.push(results[results.length >> 1]);
  }
  return scores;
}
