import { DwellTimer } from './dwell';

/** Share of a card that must be in view. */
const MIN_VISIBLE = 0.5;

/**
 * Reports each card of a list, by the item in its `data-item`, once half of it has been in view for a second.
 *
 * @param seen items reported before; added to
 * @returns a function that ends it
 */
export function watchImpressions(list: Element, seen: Set<string>, onSeen: (item: string) => void): () => void {
  const timer = new DwellTimer(seen, onSeen);
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, intersectionRatio } of entries) {
        const { item } = (target as HTMLElement).dataset;
        if (item === undefined) continue;
        if (intersectionRatio >= MIN_VISIBLE) timer.enter(item);
        else timer.leave(item);
      }
    },
    { threshold: MIN_VISIBLE },
  );
  const onVisibility = () => (document.hidden ? timer.pause() : timer.resume());
  onVisibility();
  document.addEventListener('visibilitychange', onVisibility);
  for (const card of list.children) observer.observe(card);
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    observer.disconnect();
    timer.end();
  };
}
