'use client';

import { useEffect, useRef, useState } from 'react';
import type { MetricsReport } from '../../lib/contracts/admin';
import { appendSample, type Sample, sampleBetween } from './metric-samples';
import { type ServerData, useServerData } from './operator-session';

const METRICS_INTERVAL_MS = 5000;

/** The server's metrics, with samples between the reports since this page was opened. */
export function useMetrics(): ServerData<MetricsReport> & { samples: readonly Sample[] } {
  const metrics = useServerData<MetricsReport>('/api/admin/metrics', METRICS_INTERVAL_MS);
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  const previous = useRef<MetricsReport | null>(null);
  const { value } = metrics;

  useEffect(() => {
    if (!value || value === previous.current) return;
    const sample = previous.current && sampleBetween(previous.current, value);
    previous.current = value;
    if (sample) setSamples((earlier) => appendSample(earlier, sample));
  }, [value]);

  return { ...metrics, samples };
}
