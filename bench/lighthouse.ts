import type { Part } from './context';
import { type Measured, single } from './lines';
import { LIGHTHOUSE_TARGETS, type LighthouseCategory, rateWithLighthouse } from './rate-with-lighthouse';

/** Lighthouse scores of the production build on a simulated phone: of the home page and each domain's page. */
export const benchLighthouse: Part = async ({ server, domains, log }) => {
  const paths = ['/', ...domains.map((domain) => `/${domain}`)];
  log(`Lighthouse: ${paths.join(', ')}`);
  const rated = await rateWithLighthouse(await server(), paths);
  const categories = Object.entries(LIGHTHOUSE_TARGETS) as [LighthouseCategory, number][];
  if (!rated) {
    const note = 'Lighthouse is not installed: `npm i --no-save lighthouse@12`';
    return categories.map(([category, atLeast]) => ({
      domain: null,
      name: category,
      unit: 'count',
      figures: {},
      samples: 0,
      note,
      targets: [{ figure: 'value', atLeast }],
    }));
  }
  return rated.flatMap(({ path, points, milliseconds, faults }): Measured[] => [
    ...categories.map(
      ([category, atLeast]): Measured => ({
        domain: null,
        name: `${path}: ${category}`,
        unit: 'count',
        ...single(points[category]),
        note: category === 'performance' && faults.length > 0 ? `audits below .9: ${faults.join(', ')}` : undefined,
        targets: [{ figure: 'value', atLeast }],
      }),
    ),
    ...Object.entries(milliseconds).map(
      ([measure, value]): Measured => ({ domain: null, name: `${path}: ${measure}`, unit: 'ms', ...single(value) }),
    ),
  ]);
};
