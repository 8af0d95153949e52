import type { NamedCount } from '../../../lib/contracts/admin';
import { count } from '../../ui/text';

/** A probability as a bar, hidden from screen readers: the page shows the figure beside it. */
export function OddsBar({ value, decidedAt }: { value: number; decidedAt: number }) {
  return (
    <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" className="h-2.5 w-24 shrink-0">
      <rect x="0" y="0" width="100" height="10" className="fill-wash" />
      <rect x="0" y="0" width={100 * value} height="10" className="fill-ink" />
      {[1 - decidedAt, decidedAt].map((at) => (
        <line
          key={at}
          x1={100 * at}
          x2={100 * at}
          y1="0"
          y2="10"
          className="stroke-accent"
          strokeWidth="1"
          vectorEffect="non-scaling-stroke"
        />
      ))}
    </svg>
  );
}

/** A confidence interval with its estimate, on a scale from −reach to reach with a line at 0. */
export function IntervalBar({
  difference,
  low,
  high,
  reach,
}: {
  difference: number;
  low: number;
  high: number;
  reach: number;
}) {
  const x = (value: number) => 50 + (50 * Math.max(-reach, Math.min(reach, value))) / reach;
  const decided = low > 0 || high < 0;
  return (
    <svg viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true" className="h-4 w-full min-w-32">
      <line x1="0" x2="100" y1="8" y2="8" className="stroke-line" strokeWidth="1" vectorEffect="non-scaling-stroke" />
      <rect
        x={x(low)}
        y="4"
        width={Math.max(0.5, x(high) - x(low))}
        height="8"
        className={decided ? 'fill-accent' : 'fill-quiet'}
        opacity={decided ? 0.55 : 0.35}
      />
      <line x1="50" x2="50" y1="0" y2="16" className="stroke-ink" strokeWidth="1" vectorEffect="non-scaling-stroke" />
      <line
        x1={x(difference)}
        x2={x(difference)}
        y1="2"
        y2="14"
        className={decided ? 'stroke-accent' : 'stroke-quiet'}
        strokeWidth="2.5"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}

/** Counts by name as bars on one scale. */
export function CountBars({ label, counts }: { label: string; counts: readonly NamedCount[] }) {
  const maxCount = Math.max(1, ...counts.map(({ count }) => count));
  if (counts.length === 0) return <p className="text-quiet text-sm">None so far</p>;
  return (
    <ul aria-label={label} className="space-y-1 text-sm">
      {counts.map(({ name, count: n }) => (
        <li key={name} className="grid grid-cols-[minmax(0,13rem)_minmax(0,1fr)_4rem] items-center gap-3">
          <span className="truncate" title={name}>
            {name}
          </span>
          <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" className="h-2 w-full">
            <rect x="0" y="0" width="100" height="8" className="fill-wash" />
            <rect x="0" y="0" width={(100 * n) / maxCount} height="8" className="fill-ink" />
          </svg>
          <span className="text-right tabular-nums">{count(n)}</span>
        </li>
      ))}
    </ul>
  );
}

/** Parts of a whole as one stacked bar. */
export function ShareBar({ parts }: { parts: readonly { name: string; count: number; className: string }[] }) {
  const total = parts.reduce((sum, { count }) => sum + count, 0) || 1;
  const starts = parts.map((_, i) => parts.slice(0, i).reduce((sum, { count }) => sum + count, 0));
  return (
    <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" className="h-2.5 w-full min-w-24">
      {parts.map(({ name, count, className }, i) => (
        <rect
          key={name}
          x={(100 * starts[i]) / total}
          y="0"
          width={(100 * count) / total}
          height="10"
          className={className}
        />
      ))}
    </svg>
  );
}
