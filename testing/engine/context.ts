import { TermRows, termSegment } from '../../lib/engine/catalog/term-rows';
import { weighTerms } from '../../lib/engine/catalog/tfidf';
import { NO_LIVE_ROWS } from '../../lib/engine/ranking/live-rows';
import type { ContentData } from '../../lib/engine/recommenders/content';
import type { LatentData } from '../../lib/engine/recommenders/latent';
import type { PopularityData } from '../../lib/engine/recommenders/popular';
import type { Evidence, ProfileContext } from '../../lib/engine/recommenders/recommender';
import type { SparseMatrix } from '../../lib/math/sparse';
import { contentColumns, itemTowerColumns, popularityColumn, SIZE, TERMS, WARM } from './columns';

/** The TF-IDF rows of the catalog of columns.ts, and of rows that were added behind it. */
export const termRows = (added?: SparseMatrix): TermRows =>
  new TermRows([termSegment(weighTerms(contentColumns()), TERMS), ...(added ? [termSegment(added, 0)] : [])], TERMS);

export const contentData = (): ContentData => ({ terms: termRows(), calibrationRows: WARM });

/** @param added TF-IDF rows and factors of items that were added behind the catalog */
export const latentData = (added?: { rows: SparseMatrix; factors: readonly (Float32Array | null)[] }): LatentData => ({
  terms: termRows(added?.rows),
  catalog: {
    builtSize: SIZE,
    size: SIZE + (added?.factors.length ?? 0),
    factors: (row) => added?.factors[row - SIZE] ?? null,
  },
  itemTower: itemTowerColumns(),
});

/** @param popularity by row; falling as far as `calibrationRows` */
export const popularityData = (popularity = popularityColumn(), calibrationRows = WARM): PopularityData => ({
  catalog: { builtSize: popularity.length, popularity: (row) => popularity[row] },
  calibrationRows,
});

/** The context of a profile after this evidence, without live signals unless they are given. */
export const context = (evidence: readonly Evidence[], changes: Partial<ProfileContext> = {}): ProfileContext => ({
  evidence,
  live: NO_LIVE_ROWS,
  ...changes,
});

/** A context without evidence in which these items are trending, by row. */
export const trending = (weights: ReadonlyMap<number, number>): ProfileContext =>
  context([], { live: { ...NO_LIVE_ROWS, trending: weights } });

/** A context without evidence in which friends liked these items, by row. */
export const likedByFriends = (weights: ReadonlyMap<number, number>): ProfileContext =>
  context([], { live: { ...NO_LIVE_ROWS, friends: weights } });
