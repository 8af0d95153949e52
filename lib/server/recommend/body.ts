import 'server-only';
import type { Reason, RecommendRequest, RecommendResponse, ScoreTerm } from '../../contracts/engine';
import { round6 } from '../http/route';
import { countCandidates, countFallback, observeStage } from '../metrics/metrics';

/** A signal's part of the score: `contribution` = `weight` · `z`. */
const roundTerm = ({ signal, weight, z, contribution }: ScoreTerm) => ({
  signal,
  weight: round6(weight),
  z: round6(z),
  contribution: round6(contribution),
});

const roundReason = (reason: Reason): Reason =>
  'share' in reason ? { ...reason, share: round6(reason.share) } : reason;

/**
 * @param milliseconds time taken when this was computed; for a cached response `Server-Timing` has the time of the
 *   request
 */
function toBody(response: RecommendResponse, milliseconds: number): object {
  const { domain, mode, alpha, items, unknown } = response;
  const results = items.map(({ id, title, year, score, terms, reasons, creators, tags, links }) => ({
    id,
    title,
    year,
    score: round6(score),
    terms: terms.map(roundTerm),
    reasons: reasons.map(roundReason),
    creators,
    tags,
    links,
  }));
  return { domain, mode, alpha: round6(alpha), results, unknown, latency_ms: milliseconds };
}

/**
 * Turns the engine's response into the body of an HTTP response, and updates the metrics.
 *
 * @param elapsed milliseconds since the request arrived
 */
export function recommendBody(request: RecommendRequest, response: RecommendResponse, elapsed: () => number): object {
  const { stats, items } = response;
  observeStage('engine', stats.milliseconds);
  countCandidates(stats.sources ?? {});
  const personal = request.history.length > 0 || (request.interests ?? []).length > 0;
  if (!personal && request.mode !== 'popular') countFallback('popular', items.length);
  return toBody(response, elapsed());
}
