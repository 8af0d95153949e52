'use client';

import { useEffect, useRef, useState } from 'react';
import type { MetricsReport } from '../../lib/contracts/admin';
import { type Sample, sampleBetween, withSample } from './metric-samples';
import { type Answer, useAnswer } from './operator-session';

export const METRICS_EVERY_MS = 5000;

/** The server's metrics, and what went on between the reports since this page was opened. */
export function useMetrics(): Answer<MetricsReport> & { samples: readonly Sample[] } {
  const answer = useAnswer<MetricsReport>('/api/admin/metrics', METRICS_EVERY_MS);
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  const before = useRef<MetricsReport | null>(null);
  const { value } = answer;

  useEffect(() => {
    if (!value || value === before.current) return;
    const sample = before.current && sampleBetween(before.current, value);
    before.current = value;
    if (sample) setSamples((known) => withSample([...known], sample));
  }, [value]);

  return { ...answer, samples };
}
