import { X } from 'lucide-react';
import type { DomainInfo, ScoredItem } from '../../lib/contracts/engine';
import { Button } from '../ui/button';
import { decimal } from '../ui/text';
import { describeReason, termBars } from './reason-text';

/** The back of a cover: the terms of the score, and all reasons. */
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
  /** Ids of disliked items. */
  disliked: ReadonlySet<string>;
  onClose: () => void;
}) {
  const { zero, bars } = termBars(item.terms, domain);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes it, as its button does.
    <div
      id={id}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
      className="arriving absolute inset-0 flex flex-col bg-sheet text-ink text-xs"
    >
      <div className="flex items-center justify-between py-1 pr-1 pl-3">
        <p className="font-semibold">Score {decimal(item.score, 2)}</p>
        <Button look="icon" onClick={onClose} aria-label={`Close why ${item.title}`}>
          <X size={16} aria-hidden="true" />
        </Button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <section aria-label={`Why ${item.title}`} tabIndex={0} className="min-h-0 flex-1 overflow-y-auto px-3 pb-3">
        <ul className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-2 gap-y-1.5">
          {bars.map((bar) => (
            <li key={bar.signal} className="col-span-2 grid grid-cols-subgrid items-center">
              <p className="col-span-2 flex justify-between gap-2">
                <span>{bar.label}</span>
                <span className="font-semibold tabular-nums">{bar.contribution}</span>
              </p>
              <div aria-hidden="true" className="relative h-1.5 bg-wash">
                <div
                  className={`absolute h-full ${bar.isAgainst ? 'border border-quiet' : 'bg-accent'}`}
                  style={{ left: `${bar.start * 100}%`, width: `${bar.length * 100}%` }}
                />
                {zero > 0 && <div className="absolute -inset-y-0.5 w-px bg-ink" style={{ left: `${zero * 100}%` }} />}
              </div>
              <span className="text-right text-quiet tabular-nums">{bar.formula}</span>
              {bar.isNegative && <p className="col-span-2 text-quiet">Less is better here</p>}
            </li>
          ))}
        </ul>
        <p className="mt-2 text-quiet">
          Weight × standard deviations above the average
          {zero > 0 && '. Left of the line counts against it'}.
        </p>
        <ul className="mt-3 space-y-1.5 border-line border-t pt-2">
          {item.reasons.map((reason) => (
            <li key={'id' in reason ? `${reason.kind}${reason.id}` : reason.kind}>
              {'share' in reason && (
                <span className="font-semibold tabular-nums">{`${Math.round(reason.share * 100)} % `}</span>
              )}
              {describeReason(reason, domain, { disliked, terms: item.terms })}
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
