'use client';

import { Fragment, useMemo, useRef, useState } from 'react';
import type { DomainInfo, ItemSummary } from '../../lib/contracts/engine';
import { ConsentCard } from '../consent/consent-card';
import { Controls } from '../controls/controls';
import { useDomain } from '../engine/use-domain';
import { useRecommendations } from '../engine/use-recommendations';
import { settingsInForce, useVariants } from '../experiments/variants';
import { MAX_LINKED_PICKS } from '../link/fragment';
import { usePageState } from '../link/use-page-state';
import { useLiveSignals, usePolling } from '../live/use-live-signals';
import { isPick, toHidden } from '../picks/picks';
import { PicksPanel } from '../picks/picks-panel';
import { useTasteActions } from '../picks/use-taste-actions';
import { Card } from '../results/card';
import { Grid } from '../results/grid';
import { StatusLine } from '../results/status-line';
import { SearchBox } from '../search/search-box';
import type { DomainLink } from '../site/domain-tabs';
import { ShareButton } from '../site/share-button';
import { SiteHeader } from '../site/site-header';
import { count, countOf } from '../ui/text';
import { toast } from '../ui/toasts';
import { useStable } from '../ui/use-stable';
import { LinkBar } from './link-bar';
import { Problem } from './problem';
import { useCards } from './use-cards';
import { useListTracking } from './use-list-tracking';
import { useQuestion } from './use-question';

const NONE: ReadonlySet<string> = new Set();

const idsOf = (entries: readonly { id: string }[]): ReadonlySet<string> => new Set(entries.map(({ id }) => id));

/** One domain's page: search, picks, controls and results. */
export function DomainApp({
  domain,
  domains,
  popular,
  loadsWhole,
}: {
  domain: DomainInfo;
  domains: readonly DomainLink[];
  /** Made by the server; shown until there is a personal list. */
  popular: readonly ItemSummary[];
  /** Whether this device loads the whole catalog in the end; not where the catalog's index is on the server. */
  loadsWhole: boolean;
}) {
  // What the visitor chose, and what the engine makes of it.
  const load = useDomain(domain.id);
  const isReady = load.state.phase === 'ready';
  const page = usePageState(domain.id, domain.interests, isReady);
  const { choices, saved } = page;
  const variants = useVariants();
  const settings = useMemo(() => settingsInForce(page.settings, variants), [page.settings, variants]);
  const question = useQuestion(page, {
    settings,
    canAsk: load.state.phase !== 'failed',
    isMeasured: variants.variant !== undefined,
  });
  const live = useLiveSignals(domain.id);
  // A link is to open the list of its sender, which was chosen from all items: so is the list of a copied link. Any
  // other list of the visitor's own stays as it is until their next change, because one that jumps cannot be read.
  const [isCopied, setIsCopied] = useState(false);
  const wantsWhole = loadsWhole && (page.borrowed || isCopied);
  const result = useRecommendations(domain.id, question, live, wantsWhole, () => {
    toast('The engine stopped and was started again. Your picks are safe.');
    load.onCrash();
  });
  const response = question && isReady ? result.response : null;
  const isPersonal = response !== null && response.mode !== 'popular';

  // What the visitor said of items, as ids.
  const picks = useMemo(() => choices.filter(isPick), [choices]);
  const liked = useMemo(() => idsOf(picks.filter(({ value }) => value > 0)), [picks]);
  const disliked = useMemo(() => idsOf(picks.filter(({ value }) => value < 0)), [picks]);
  const savedIds = useMemo(() => idsOf(saved), [saved]);
  const unknown = useMemo(() => (result.response ? new Set(result.response.unknown) : NONE), [result.response]);

  // The list on the screen.
  const shownPopular = useMemo(() => {
    const hidden = toHidden(choices);
    return popular.filter(({ id }) => !hidden.includes(id));
  }, [popular, choices]);
  const { cards, isComplete } = useCards(domain, response, shownPopular, disliked);
  const grid = useRef<HTMLUListElement>(null);
  const isRendered = isComplete && load.state.phase !== 'loading' && (response !== null || question === null);
  const [hasRendered, setHasRendered] = useState(false);
  if (isRendered && !hasRendered) setHasRendered(true);
  usePolling(domain.id, grid, isReady && hasRendered, live.onNews);

  // What the visitor does with it.
  const tracking = useListTracking(domain.id, choices, {
    ...{ response, popular: shownPopular, grid, isRendered },
    variant: variants.variant,
  });
  const actions = useTasteActions(page, { onChange: tracking.onChange, onSave: tracking.onSave });
  const tooLong =
    picks.length > MAX_LINKED_PICKS
      ? `Link copied with your settings. Your ${count(picks.length)} picks are too many for a link.`
      : null;
  const onShare = useStable(() => {
    if (page.borrowed || tooLong) return;
    setIsCopied(true);
    tracking.onShare(liked);
  });

  const header = useMemo(
    () => (
      <SiteHeader domains={domains} current={domain.id}>
        <ShareButton left={tooLong} onShare={onShare} />
      </SiteHeader>
    ),
    [domains, domain.id, tooLong, onShare],
  );

  return (
    <>
      {header}
      <main id="main" tabIndex={-1} className="page outline-none">
        <div className="grid items-end gap-x-12 gap-y-5 pt-8 pb-8 sm:pt-12 sm:pb-10 lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
          <div>
            <h1 className="font-display text-[clamp(2.25rem,5vw,3.75rem)] leading-[1.02] tracking-tight">
              What to {domain.verb} next
            </h1>
            <p className="mt-3 max-w-md text-pretty text-quiet">
              Pick a few {domain.item.many} you like, and this page chooses from{' '}
              {countOf(domain.itemCount, domain.item)}. It does so on your device: your picks are not sent unless you
              agree.
            </p>
          </div>
          <SearchBox domain={domain} phase={load.state.phase} picked={liked} onPick={actions.onPick} />
        </div>

        <div className="grid gap-x-12 gap-y-6 lg:grid-cols-[18rem_minmax(0,1fr)]">
          <div className="min-w-0 lg:sticky lg:top-6 lg:max-h-[calc(100dvh-3rem)] lg:self-start lg:-m-1.5 lg:overflow-y-auto lg:p-1.5">
            <PicksPanel
              domain={domain}
              page={page}
              unknown={unknown}
              starters={shownPopular}
              actions={actions}
              onFollow={tracking.onFollow}
            />
          </div>

          <section aria-labelledby="results-heading" className="min-w-0">
            <Controls
              settings={settings}
              alphaInForce={isPersonal ? response.alpha : null}
              onChange={page.setSettings}
            />
            <div className="mt-6 mb-4">
              <h2 id="results-heading" className="font-display text-2xl">
                {isPersonal ? 'For you' : `Popular with ${domain.users}`}
              </h2>
              <StatusLine
                domain={domain}
                state={load.state}
                response={isComplete ? response : null}
                pending={result.pending || !isComplete}
                coverage={!loadsWhole || !result.isPartial ? 'whole' : wantsWhole ? 'incomplete' : 'partial'}
              />
            </div>
            {load.state.phase === 'failed' && (
              <Problem
                title={`The ${domain.item.many} could not be loaded. This is the popular list from the server.`}
                error={load.state.error}
                onRetry={load.retry}
              />
            )}
            {result.error && (
              <Problem title="The list could not be made." error={result.error} onRetry={result.retry} />
            )}
            {response?.items.length === 0 ? (
              <p className="py-16 text-center text-quiet">
                Nothing is left to recommend. Remove a pick or two, or try another mode.
              </p>
            ) : (
              <div aria-busy={(result.pending && isReady) || !isComplete}>
                <Grid ref={grid}>
                  {cards.map(({ key, startsPopular, ...card }) => (
                    <Fragment key={key}>
                      {startsPopular && (
                        <li className="col-span-full border-line border-t pt-4 text-quiet text-sm">
                          Nothing more is known that is about your picks. From here on: popular with people who like
                          this kind.
                        </li>
                      )}
                      <Card
                        {...card}
                        liked={liked.has(card.item.id)}
                        saved={savedIds.has(card.item.id)}
                        onLike={actions.onLike}
                        onSave={actions.onSave}
                        onDislike={actions.onDislike}
                        onHide={actions.onHide}
                        onOpen={tracking.onOpen}
                        onFollow={tracking.onFollow}
                      />
                    </Fragment>
                  ))}
                </Grid>
              </div>
            )}
            <ConsentCard mayAsk={isPersonal && !page.borrowed && liked.size > 0} />
          </section>
        </div>
      </main>
      {page.borrowed && <LinkBar page={page} />}
    </>
  );
}
