'use client';

import { ChevronDown } from 'lucide-react';
import { memo, useState } from 'react';
import { PAGE_MODES, type PageMode, roundUnit, type Settings } from '../settings/settings';
import { Slider } from '../ui/slider';
import { capitalise } from '../ui/text';

const MEANING: Record<PageMode, string> = {
  hybrid: 'By topic, by what others chose, and by popularity',
  content: 'By topic: tags, people, words',
  collaborative: 'By what others with similar picks chose',
};

/** Mode, content share, diversity and discovery. */
export const Controls = memo(function Controls({
  settings,
  alphaInForce,
  onChange,
}: {
  settings: Settings;
  /** The content share of the list shown; null where it has none. */
  alphaInForce: number | null;
  onChange: (change: Partial<Settings>) => void;
}) {
  const { mode, alpha, diversity, discovery } = settings;
  const hybrid = mode === 'hybrid';
  const automatic = hybrid && alpha === null;
  const shownAlpha = mode === 'content' ? 1 : mode === 'collaborative' ? 0 : (alpha ?? alphaInForce ?? 0.5);
  const alphaText = automatic && alphaInForce === null ? '' : shownAlpha.toFixed(2);
  const [open, setOpen] = useState(false);
  const fine = open ? '' : 'max-sm:hidden';

  return (
    <div className="grid gap-x-8 gap-y-4 border-line border-y py-4 sm:grid-cols-2 xl:grid-cols-[auto_1fr_1fr_1fr]">
      <fieldset className="min-w-0 sm:col-span-2 xl:col-span-1">
        <legend className="float-left flex min-h-7 items-center font-medium text-sm">Mode</legend>
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="float-right flex min-h-7 items-center gap-1 text-quiet text-sm sm:hidden"
        >
          Fine-tune
          <ChevronDown size={16} aria-hidden="true" className={open ? 'rotate-180' : ''} />
        </button>
        <div className="clear-both flex rounded-full border border-ink/25 p-0.5">
          {PAGE_MODES.map((option) => (
            <label
              key={option}
              title={MEANING[option]}
              className="relative flex-1 rounded-full px-3.5 py-1.5 text-center font-medium text-quiet text-sm transition-colors hover:text-ink has-checked:bg-ink has-checked:text-paper has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2"
            >
              <input
                type="radio"
                name="mode"
                value={option}
                checked={mode === option}
                onChange={() => onChange({ mode: option })}
                className="absolute inset-0 cursor-pointer appearance-none opacity-0"
              />
              {capitalise(option)}
            </label>
          ))}
        </div>
      </fieldset>
      <Slider
        className={fine}
        label="Content share"
        value={shownAlpha}
        valueText={alphaText}
        low="What others chose"
        high="What it is about"
        disabled={!hybrid}
        onChange={(value) => onChange({ alpha: value })}
      >
        <AutoButton
          label="Auto content share"
          title="Chosen from your picks and interests"
          isOn={automatic}
          disabled={!hybrid}
          onClick={() => onChange({ alpha: automatic ? roundUnit(shownAlpha) : null })}
        />
      </Slider>
      <Slider
        className={fine}
        label="Diversity"
        value={diversity}
        valueText={diversity.toFixed(2)}
        low="Closest first"
        high="More variety"
        onChange={(value) => onChange({ diversity: value })}
      />
      <Slider
        className={fine}
        label="Discovery"
        value={discovery ?? 0}
        valueText={discovery === null ? '' : discovery.toFixed(2)}
        min={-1}
        low="Well known"
        high="Little known"
        onChange={(value) => onChange({ discovery: value })}
      >
        <AutoButton
          label="Auto discovery"
          title="As well known as what fits best"
          isOn={discovery === null}
          onClick={() => onChange({ discovery: discovery === null ? 0 : null })}
        />
      </Slider>
    </div>
  );
});

/** Leaves a setting to the engine, or takes it back. */
function AutoButton({
  label,
  title,
  isOn,
  disabled,
  onClick,
}: {
  label: string;
  title: string;
  isOn: boolean;
  disabled?: boolean;
  onClick: () => void;
}) {
  return (
    <button
      type="button"
      aria-pressed={isOn}
      aria-label={label}
      title={title}
      disabled={disabled}
      onClick={onClick}
      className="rounded-full border border-ink/25 px-2 py-0.5 font-medium text-quiet text-xs hover:border-ink hover:text-ink disabled:opacity-40 aria-pressed:border-ink aria-pressed:bg-ink aria-pressed:text-paper"
    >
      Auto
    </button>
  );
}
