import { Dwell } from './dwell';

/** Of a card that must be in view. */
const SHARE_IN_VIEW = 0.5;

/**
 * Tells once of each card of a list, by the item that its `data-item` names, when half of it has been in view for a second.
 *
 * @param seen what was told of before; added to
 * @returns what ends it
 */
export function watchImpressions(list: Element, seen: Set<string>, onSeen: (item: string) => void): () => void {
  const dwell = new Dwell(seen, onSeen);
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, intersectionRatio } of entries) {
        const { item } = (target as HTMLElement).dataset;
        if (item === undefined) continue;
        if (intersectionRatio >= SHARE_IN_VIEW) dwell.enter(item);
        else dwell.leave(item);
      }
    },
    { threshold: SHARE_IN_VIEW },
  );
  const onVisibility = () => (document.hidden ? dwell.pause() : dwell.resume());
  onVisibility();
  document.addEventListener('visibilitychange', onVisibility);
  for (const card of list.children) observer.observe(card);
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    observer.disconnect();
    dwell.end();
  };
}
