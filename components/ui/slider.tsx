import type { ReactNode } from 'react';

const STEP = 0.05;

/** A slider from `min`, 0 by default, to 1. `low` and `high` label its ends. */
export function Slider({
  label,
  value,
  valueText,
  min = 0,
  low,
  high,
  disabled,
  onChange,
  className = '',
  children,
}: {
  label: string;
  value: number;
  valueText: string;
  min?: number;
  low: string;
  high: string;
  disabled?: boolean;
  onChange: (value: number) => void;
  className?: string;
  /** Shown beside the value. */
  children?: ReactNode;
}) {
  return (
    <div className={`min-w-0 ${className}`}>
      <div className="flex min-h-7 items-center justify-between gap-2 text-sm">
        <span className="font-medium">{label}</span>
        <span className="flex items-center gap-2">
          <span className="text-quiet tabular-nums">{valueText}</span>
          {children}
        </span>
      </div>
      <input
        type="range"
        className="slider"
        aria-label={label}
        aria-valuetext={valueText || 'automatic'}
        min={min}
        max={1}
        step={STEP}
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.target.valueAsNumber)}
        // The knob snaps to steps, so the fill does too.
        style={{ '--fill': `${((Math.round(value / STEP) * STEP - min) / (1 - min)) * 100}%` }}
      />
      <div aria-hidden="true" className="flex justify-between text-quiet text-xs">
        <span>{low}</span>
        <span>{high}</span>
      </div>
    </div>
  );
}
