import { X } from 'lucide-react';
import type { DomainInfo, ScoredItem } from '../../lib/contracts/engine';
import { Button } from '../ui/button';
import { describeReason, termBars } from './reasons';

/** The back of a cover: the score's terms and all of the reasons. */
export function Why({
  id,
  item,
  domain,
  disliked,
  onClose,
}: {
  id: string;
  item: ScoredItem;
  domain: Pick<DomainInfo, 'users'>;
  /** Ids of what the visitor does not like. */
  disliked: ReadonlySet<string>;
  onClose: () => void;
}) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes it, as its button does.
    <div
      id={id}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
      className="arriving absolute inset-0 flex flex-col bg-sheet text-ink text-xs"
    >
      <div className="flex items-center justify-between py-1 pr-1 pl-3">
        <p className="font-semibold">Score {item.score.toFixed(2)}</p>
        <Button look="icon" onClick={onClose} aria-label={`Close why ${item.title}`}>
          <X size={16} aria-hidden="true" />
        </Button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <section aria-label={`Why ${item.title}`} tabIndex={0} className="min-h-0 flex-1 overflow-y-auto px-3 pb-3">
        <ul className="space-y-2">
          {termBars(item.terms).map((bar) => (
            <li key={bar.signal}>
              <div className="flex justify-between gap-2">
                <span>{bar.label}</span>
                <span className="text-quiet tabular-nums">{bar.formula}</span>
              </div>
              <div aria-hidden="true" className="mt-1 h-1.5 rounded-full bg-wash">
                <div
                  className={`h-full rounded-full ${bar.contribution < 0 ? 'border border-quiet' : 'bg-accent'}`}
                  style={{ width: `${bar.length * 100}%` }}
                />
              </div>
            </li>
          ))}
        </ul>
        <p className="mt-2 text-quiet">weight × standard deviations above the average</p>
        <ul className="mt-3 space-y-1.5 border-line border-t pt-2">
          {item.reasons.map((reason) => (
            <li key={reason.kind === 'popular' ? 'popular' : `${reason.kind}${reason.id}`}>
              {reason.kind !== 'popular' && (
                <span className="font-semibold tabular-nums">{`${Math.round(reason.share * 100)} % `}</span>
              )}
              {describeReason(reason, domain, disliked)}
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
