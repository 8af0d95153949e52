import type { AudienceState, ExperimentMeasure, Standing } from '../../lib/contracts/admin';
import { count, decimal, signed } from '../ui/text';

/** `3 s`, `4 min`, `2 h 5 min`, `3 days` */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${count(Math.floor(hours / 24))} days`;
}

/**
 * `42 %`, with a decimal below 10 % and above 99 %. Only 0 is `0 %` and only 1 is `100 %`.
 *
 * @param share 0 … 1
 */
export function formatPercent(share: number): string {
  const hundredths = share * 100;
  if (hundredths > 0 && hundredths < 0.1) return '< 0.1 %';
  if (hundredths > 99.9 && hundredths < 100) return '> 99.9 %';
  const coarse = hundredths === 0 || (hundredths >= 9.95 && hundredths <= 99) || hundredths === 100;
  return `${decimal(hundredths, coarse ? 0 : 1)} %`;
}

export const AUDIENCE_LABELS: Record<AudienceState, string> = {
  looking: 'Exploring: gets slots for new items',
  waiting: 'Waiting: newer items come first',
  proven: 'Proven: ranked like other items',
  failed: 'Failed: no more slots for new items',
};

export const MEASURES: Record<ExperimentMeasure, { label: string; format: (value: number) => string }> = {
  clickThrough: { label: 'Clicks per card shown', format: formatPercent },
  likes: { label: 'Likes per list', format: (value) => decimal(value, 3) },
  diversity: { label: 'Diversity of the lists', format: (value) => decimal(value, 3) },
};

/**
 * Describes a difference between variants, and whether it is significant.
 *
 * @param interval the difference and its confidence interval; null if there is too little data
 * @param first id of the variant compared with
 */
export function describeInterval(
  measure: ExperimentMeasure,
  interval: { difference: number; low: number; high: number } | null,
  first: string,
): string {
  if (!interval) return 'Too few visitors yet.';
  const { difference, low, high } = interval;
  const write = (value: number) => (measure === 'clickThrough' ? signed(value * 100, 2) : signed(value, 3));
  const unit = measure === 'clickThrough' ? ' points' : '';
  const range = `${write(difference)}${unit}, between ${write(low)} and ${write(high)}`;
  if (low > 0) return `${range}. Significantly more than “${first}”.`;
  if (high < 0) return `${range}. Significantly less than “${first}”.`;
  return `${range}. No significant difference yet.`;
}

/** Describes where an item is in a user's list, or why it is not. */
export function describeStanding(item: Standing, listLength: number, candidates: number): string {
  switch (item.place) {
    case 'listed':
      return `It is number ${item.rank} of the list.`;
    case 'candidate':
      return `It is number ${count(item.rank!)} of ${count(candidates)} candidates; the list ends at ${listLength}.`;
    case 'beyond':
      return `No signal retrieves it: it is not among the ${count(candidates)} candidates.`;
    case 'seen':
      return `It is never listed: the user ${item.opinion.value > 0 ? 'liked' : 'rated'} it already.`;
    case 'hidden':
      return item.opinion.value < 0
        ? 'It is never listed: the user disliked it.'
        : 'It is never listed: the user is not interested in it.';
  }
}
