import { polylines, roundUp } from './scale';

export interface Line {
  name: string;
  /** Earliest first; null if nothing was measured. */
  values: readonly (number | null)[];
  look: keyof typeof LOOKS;
}

/** Lines differ in dashes as well as in colour. */
const LOOKS = {
  solid: { className: 'stroke-ink', dash: undefined },
  dashed: { className: 'stroke-ink', dash: '6 4' },
  accent: { className: 'stroke-accent', dash: undefined },
} as const;

/** A line chart over time. The legend shows the latest values. */
export function LineChart({
  title,
  lines,
  format,
  from,
}: {
  title: string;
  lines: readonly Line[];
  /** Formats a value with its unit. */
  format: (value: number) => string;
  /** Label of the left end, such as `5 min ago`. */
  from: string;
}) {
  const values = lines.flatMap(({ values }) => values.filter((value) => value !== null));
  const top = roundUp(Math.max(0, ...values));
  const last = ({ values }: Line) => values.findLast((value) => value !== null) ?? null;
  return (
    <figure className="min-w-0">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-4 text-sm">
        <span className="font-medium">{title}</span>
        <span className="flex flex-wrap gap-x-3 text-quiet text-xs tabular-nums">
          {lines.map((line) => (
            <span key={line.name} className="inline-flex items-center gap-1.5">
              <svg viewBox="0 0 16 4" className="w-4" aria-hidden="true">
                <line
                  x1="0"
                  y1="2"
                  x2="16"
                  y2="2"
                  strokeWidth="2"
                  strokeDasharray={LOOKS[line.look].dash}
                  className={LOOKS[line.look].className}
                />
              </svg>
              {line.name} {last(line) === null ? 'none yet' : format(last(line)!)}
            </span>
          ))}
        </span>
      </figcaption>
      <div
        aria-hidden="true"
        className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 text-quiet text-xs tabular-nums"
      >
        <div className="flex h-28 flex-col justify-between text-right leading-none">
          <span>{format(top)}</span>
          <span>{format(top / 2)}</span>
          <span>0</span>
        </div>
        <svg
          viewBox="0 0 100 100"
          preserveAspectRatio="none"
          aria-hidden="true"
          className="h-28 w-full overflow-visible"
        >
          {[0, 50, 100].map((y) => (
            <line
              key={y}
              x1="0"
              x2="100"
              y1={y}
              y2={y}
              className="stroke-line"
              strokeWidth="1"
              vectorEffect="non-scaling-stroke"
            />
          ))}
          {lines.map((line) =>
            polylines(line.values, top).map((points) => (
              <polyline
                key={`${line.name} ${points.slice(0, points.indexOf(','))}`}
                // A polyline of one point is invisible: repeat the point.
                points={points.includes(' ') ? points : `${points} ${points}`}
                fill="none"
                className={LOOKS[line.look].className}
                strokeWidth="1.75"
                strokeDasharray={LOOKS[line.look].dash}
                strokeLinecap="round"
                strokeLinejoin="round"
                vectorEffect="non-scaling-stroke"
              />
            )),
          )}
        </svg>
        <span />
        <div className="mt-1 flex justify-between">
          <span>{from}</span>
          <span>now</span>
        </div>
      </div>
    </figure>
  );
}
