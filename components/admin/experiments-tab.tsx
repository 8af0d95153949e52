'use client';

import Link from 'next/link';
import type { ExperimentMeasure, ExperimentReport } from '../../lib/contracts/admin';
import { count } from '../ui/text';
import { IntervalBar } from './charts/bars';
import { roundUp } from './charts/scale';
import { describeInterval, formatPercent, MEASURES } from './descriptions';
import { Loading, Problem, Table } from './elements';
import { useServerData } from './operator-session';

const NAMES = Object.keys(MEASURES) as ExperimentMeasure[];
const INTERVAL_MS = 30_000;

/** The running experiments and their results. */
export function ExperimentsTab({ domains }: { domains: readonly { id: string; label: string }[] }) {
  const { value, problem, reload } = useServerData<{ experiments: ExperimentReport[] }>(
    '/api/admin/experiments',
    INTERVAL_MS,
  );
  return (
    <div className="space-y-10">
      {problem && <Problem error={problem} onRetry={reload} />}
      {!value && !problem && <Loading />}
      {value?.experiments.length === 0 && <p className="text-quiet text-sm">No experiment is running.</p>}
      {value?.experiments.map((experiment) => (
        <Experiment key={experiment.id} experiment={experiment} domains={domains} />
      ))}
    </div>
  );
}

function Experiment({
  experiment,
  domains,
}: {
  experiment: ExperimentReport;
  domains: readonly { id: string; label: string }[];
}) {
  const { id, question, variants } = experiment;
  const [first, ...others] = variants;
  return (
    <section aria-label={question} className="space-y-4">
      <div>
        <h3 className="max-w-2xl text-balance font-display text-xl">{question}</h3>
        <p className="text-quiet text-sm">
          “{id}”. The first variant is the control. Intervals are 95 % confidence sequences: they stay valid however
          often you look.
        </p>
      </div>
      <Table
        label={`Variants of ${id}`}
        head={[
          'Variant',
          { name: 'Share', right: true },
          { name: 'Visitors', right: true },
          { name: 'Lists', right: true },
          ...NAMES.map((measure) => ({ name: MEASURES[measure].label, right: true }) as const),
          'See it',
        ]}
      >
        {variants.map((variant) => (
          <tr key={variant.id}>
            <th scope="row">
              {variant.id}
              <span className="block font-normal text-quiet text-xs">{settingsOf(variant.settings)}</span>
            </th>
            <td className="text-right">{formatPercent(variant.share)}</td>
            <td className="text-right">{count(variant.visitors)}</td>
            <td className="text-right">{count(variant.lists)}</td>
            {NAMES.map((measure) => {
              const { visitors, mean } = variant.means[measure];
              return (
                <td key={measure} className="text-right">
                  {visitors > 0 ? MEASURES[measure].format(mean) : 'none yet'}
                </td>
              );
            })}
            <td>
              <span className="flex flex-wrap gap-x-3">
                {domains.map((domain) => (
                  <Link
                    key={domain.id}
                    href={`/${domain.id}?try=${id}:${variant.id}`}
                    prefetch={false}
                    className="underline underline-offset-2 hover:text-accent"
                    aria-label={`See ${domain.label} under ${variant.id}`}
                  >
                    {domain.label}
                  </Link>
                ))}
              </span>
            </td>
          </tr>
        ))}
      </Table>
      {others.map((variant) => (
        <div key={variant.id}>
          <h4 className="font-semibold text-sm">
            “{variant.id}” minus “{first.id}”
          </h4>
          <ul className="mt-2 space-y-3">
            {NAMES.map((measure) => {
              const interval = variant.against[measure];
              const reach = interval && roundUp(Math.max(Math.abs(interval.low), Math.abs(interval.high)));
              return (
                <li
                  key={measure}
                  className="grid items-center gap-x-6 gap-y-1 text-sm md:grid-cols-[11rem_minmax(0,20rem)_1fr]"
                >
                  <span className="font-medium">{MEASURES[measure].label}</span>
                  {interval && reach ? (
                    <div>
                      <IntervalBar {...interval} reach={reach} />
                      <div aria-hidden="true" className="flex justify-between text-quiet text-xs tabular-nums">
                        <span>−{MEASURES[measure].format(reach)}</span>
                        <span>0</span>
                        <span>+{MEASURES[measure].format(reach)}</span>
                      </div>
                    </div>
                  ) : (
                    <span className="hidden md:block" />
                  )}
                  <span className="text-pretty tabular-nums">{describeInterval(measure, interval, first.id)}</span>
                </li>
              );
            })}
          </ul>
        </div>
      ))}
    </section>
  );
}

function settingsOf(settings: Record<string, unknown>): string {
  const entries = Object.entries(settings);
  return entries.length === 0 ? 'default settings' : entries.map(([name, value]) => `${name} ${value}`).join(', ');
}
