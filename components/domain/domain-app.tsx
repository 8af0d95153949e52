'use client';

import { RotateCcw } from 'lucide-react';
import { type ComponentProps, useCallback, useMemo, useRef, useState } from 'react';
import type { DomainInfo, ItemSummary } from '../../lib/contracts/engine';
import type { InkpickError } from '../../lib/contracts/errors';
import { readConsent } from '../consent/consent';
import { ConsentCard } from '../consent/consent-card';
import { Controls } from '../controls/controls';
import { useDomain } from '../engine/use-domain';
import { type Question, useRecommendations } from '../engine/use-recommendations';
import { type Entry, sourceOf } from '../events/shown-list';
import { tasteEvents } from '../events/taste-events';
import { tellFollowers } from '../events/track-taste';
import { useListEvents } from '../events/use-list-events';
import { useVariants } from '../experiments/variants';
import { DEFAULT_SETTINGS, MAX_LINKED_PICKS, type Settings } from '../link/fragment';
import { usePageState } from '../link/use-page-state';
import { useFollowing, useLiveSignals } from '../live/use-live-signals';
import { isPick, toHidden, toHistory } from '../picks/picks';
import { PicksPanel } from '../picks/picks-panel';
import { useTasteActions } from '../picks/use-taste-actions';
import { Card, type CardActions } from '../results/card';
import { Grid } from '../results/grid';
import { describeItem, describePopularity } from '../results/reasons';
import { StatusLine } from '../results/status-line';
import { useGradual } from '../results/use-gradual';
import { SearchBox } from '../search/search-box';
import type { DomainLink } from '../site/domain-tabs';
import { ShareButton } from '../site/share-button';
import { SiteHeader } from '../site/site-header';
import { Button } from '../ui/button';
import { count, countOf } from '../ui/text';
import { toast } from '../ui/toasts';
import { useStable } from '../ui/use-stable';
import { LinkBar } from './link-bar';

const NONE: ReadonlySet<string> = new Set();
/** So many of the newest picks count as shared with a link: a long list is not passed on for the sake of each. */
const MOST_SHARED = 20;
const NO_TRIAL = {};
const onCrash = () => toast('The engine stopped and was started again. Your picks are safe.');

/** One domain's page: search, picks, controls and results. */
export function DomainApp({
  domain,
  domains,
  popular,
}: {
  domain: DomainInfo;
  domains: readonly DomainLink[];
  /** From the server; shown until there is something personal to show. */
  popular: readonly ItemSummary[];
}) {
  const { state: engineState, retry } = useDomain(domain.id);
  const engineReady = engineState.phase === 'ready';
  const page = usePageState(domain.id, domain.interests, engineReady);
  const { ready, choices, saved, interests } = page;
  const variants = useVariants();
  const settings = useMemo<Settings>(() => {
    const { diversity } = variants.settings;
    // Whoever has moved the slider has chosen for themselves.
    const isUntouched = page.settings.diversity === DEFAULT_SETTINGS.diversity;
    return diversity !== undefined && isUntouched ? { ...page.settings, diversity } : page.settings;
  }, [page.settings, variants]);

  const picks = useMemo(() => choices.filter(isPick), [choices]);
  const hidden = useMemo(() => toHidden(choices), [choices]);
  const personal = ready && picks.length + interests.length > 0;
  // Asked while the engine still loads: it answers as soon as it can. One that failed is not asked.
  const isAsked = (personal || hidden.length > 0) && engineState.phase !== 'failed';
  const asked = useMemo(() => {
    if (!isAsked) return 'null';
    // What is popular is there already, but not what comes after the items that are hidden.
    if (!personal) return JSON.stringify({ mode: 'popular', history: [], hidden } satisfies Question);
    const question: Question = {
      mode: settings.mode,
      history: toHistory(choices),
      interests: interests.map((interest) => interest.id),
      hidden,
      diversity: settings.diversity,
      ...(settings.mode === 'hybrid' && settings.alpha !== null && { alpha: settings.alpha }),
      ...(variants.variant && { measureDiversity: true }),
    };
    return JSON.stringify(question);
  }, [isAsked, personal, settings, choices, hidden, interests, variants]);
  // The same question, for instance once a link's picks have got their names, is not asked twice.
  const question = useMemo<Question | null>(() => JSON.parse(asked), [asked]);
  const live = useLiveSignals(domain.id);
  const { response, pending, error, retry: askAgain } = useRecommendations(domain.id, question, live, onCrash);

  const [liked, disliked, savedIds] = useMemo(() => {
    const ids = (entries: readonly { id: string }[]) => new Set(entries.map(({ id }) => id));
    return [ids(picks.filter(({ value }) => value > 0)), ids(picks.filter(({ value }) => value < 0)), ids(saved)];
  }, [picks, saved]);
  const unknown = useMemo(() => (response ? new Set(response.unknown) : NONE), [response]);

  const answer = isAsked && engineReady ? response : null;
  const shownPopular = useMemo(() => popular.filter(({ id }) => !hidden.includes(id)), [popular, hidden]);
  const isPersonal = answer !== null && answer.mode !== 'popular';
  const list = answer ? 'personal' : 'popular';
  const cards = useMemo<
    (Omit<ComponentProps<typeof Card>, keyof CardActions | 'liked' | 'saved'> & { key: string })[]
  >(() => {
    // A card of both lists is drawn anew, for one that wanders is a jump.
    if (!answer)
      return shownPopular.map((item) => ({
        key: `popular ${item.id}`,
        item,
        note: describePopularity(item.popularity, domain),
      }));
    return answer.items.map((item) => ({
      key: `personal ${item.id}`,
      item,
      ...describeItem(item, domain, disliked),
      why: { item, domain, disliked },
    }));
  }, [answer, shownPopular, domain, disliked]);
  const { items: drawn, isWhole } = useGradual(list, cards);

  const grid = useRef<HTMLUListElement>(null);
  const isDrawn = isWhole && engineState.phase !== 'loading' && (answer !== null || !isAsked);
  const [hasBeenDrawn, setHasBeenDrawn] = useState(false);
  if (isDrawn && !hasBeenDrawn) setHasBeenDrawn(true);
  useFollowing(domain.id, grid, engineReady && hasBeenDrawn, live.onNews);

  const entries = useMemo<Entry[]>(
    () =>
      answer
        ? answer.items.map((item) => ({ item: item.id, source: sourceOf(item) }))
        : shownPopular.map(({ id }) => ({ item: id, source: 'popular' })),
    [answer, shownPopular],
  );
  const diversity = answer?.stats.diversity;
  const trial = useMemo(
    // The list that everybody sees is no matter of experiments.
    () => (diversity === undefined || !variants.variant ? NO_TRIAL : { variant: variants.variant, diversity }),
    [diversity, variants],
  );
  const onDeeds = useListEvents(domain.id, entries, grid, isDrawn, trial);
  const actions = useTasteActions(page, {
    onChange: (asked) => {
      if (readConsent() !== 'yes') return;
      onDeeds(...tasteEvents(choices, asked));
      tellFollowers(domain.id);
    },
    onSave: (item) => onDeeds({ kind: 'save', item }),
  });
  const onOpen = useCallback(({ id }: { id: string }) => onDeeds({ kind: 'view', item: id }), [onDeeds]);
  const onFollow = useCallback(({ id }: { id: string }) => onDeeds({ kind: 'click', item: id }), [onDeeds]);

  const tooLong =
    picks.length > MAX_LINKED_PICKS
      ? `Link copied with your settings. Your ${count(picks.length)} picks are too many for a link.`
      : null;
  const onShare = useStable(() => {
    if (page.borrowed || tooLong) return;
    onDeeds(...[...liked].slice(0, MOST_SHARED).map((item) => ({ kind: 'share' as const, item })));
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
              Say what you like, and this page picks from {countOf(domain.itemCount, domain.item)}. It does so on your
              own device, and tells nobody unless you want it to.
            </p>
          </div>
          <SearchBox domain={domain} phase={engineState.phase} picked={liked} onPick={actions.onPick} />
        </div>

        <div className="grid gap-x-12 gap-y-6 lg:grid-cols-[18rem_minmax(0,1fr)]">
          <div className="min-w-0 lg:sticky lg:top-6 lg:max-h-[calc(100dvh-3rem)] lg:self-start lg:-m-1.5 lg:overflow-y-auto lg:p-1.5">
            <PicksPanel
              domain={domain}
              page={page}
              unknown={unknown}
              starters={shownPopular}
              actions={actions}
              onFollow={onFollow}
            />
          </div>

          <section aria-labelledby="results-heading" className="min-w-0">
            <Controls settings={settings} alphaInForce={isPersonal ? answer.alpha : null} onChange={page.setSettings} />
            <div className="mt-6 mb-4">
              <h2 id="results-heading" className="font-display text-2xl">
                {isPersonal ? 'For you' : `Popular with ${domain.users}`}
              </h2>
              <StatusLine
                domain={domain}
                state={engineState}
                response={isWhole ? answer : null}
                pending={pending || !isWhole}
              />
            </div>
            {engineState.phase === 'failed' && (
              <Problem
                title={`The ${domain.item.many} could not be loaded, so this is the list that everybody sees.`}
                error={engineState.error}
                onRetry={retry}
              />
            )}
            {error && <Problem title="The engine could not answer." error={error} onRetry={askAgain} />}
            {answer?.items.length === 0 ? (
              <p className="py-16 text-center text-quiet">
                Nothing is left to recommend. Take a pick or two out of your list, or try another mode.
              </p>
            ) : (
              <div aria-busy={(pending && engineReady) || !isWhole}>
                <Grid ref={grid}>
                  {drawn.map(({ key, ...card }) => (
                    <Card
                      key={key}
                      {...card}
                      liked={liked.has(card.item.id)}
                      saved={savedIds.has(card.item.id)}
                      onLike={actions.onLike}
                      onSave={actions.onSave}
                      onDislike={actions.onDislike}
                      onHide={actions.onHide}
                      onOpen={onOpen}
                      onFollow={onFollow}
                    />
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

function Problem({ title, error, onRetry }: { title: string; error: InkpickError; onRetry: () => void }) {
  return (
    <div
      role="alert"
      className="mb-6 flex flex-wrap items-center justify-between gap-4 border-accent border-l-4 bg-sheet px-5 py-4"
    >
      <div className="min-w-0 max-w-2xl">
        <p className="font-semibold">{title}</p>
        <p className="mt-1 break-words text-quiet text-sm">
          {error.message} <span className="whitespace-nowrap">({error.code})</span>
        </p>
      </div>
      <Button look="solid" onClick={onRetry}>
        <RotateCcw size={16} aria-hidden="true" />
        Try again
      </Button>
    </div>
  );
}
