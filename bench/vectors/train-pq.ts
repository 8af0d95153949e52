import { roundUp } from '../../lib/engine/vector-index/kernel';
import { mulberry32 } from '../../lib/math/random';
import { CENTROIDS, type ProductQuantised } from './pq-index';

export interface PqTraining {
  /** Bytes a vector; a divisor of the dimensions. */
  subspaces: number;
  seed: number;
  /** Number of randomly sampled vectors to train on; about a hundred a centroid are enough. */
  sample?: number;
  iterations?: number;
}

const DEFAULT_SAMPLE = 25_600;
const DEFAULT_ITERATIONS = 12;

/**
 * Trains product quantisation (Jégou, Douze & Schmid 2011): finds centroids in each sub-space by k-means (Lloyd's
 * algorithm, initialised with random vectors), and encodes each vector as its nearest centroids. The same seed gives
 * the same codes.
 *
 * @param vectors row-major, rows × dims
 * @throws RangeError if the sub-spaces do not divide the dimensions
 */
export function trainProductQuantiser(
  vectors: Float32Array,
  dims: number,
  { subspaces, seed, sample = DEFAULT_SAMPLE, iterations = DEFAULT_ITERATIONS }: PqTraining,
): ProductQuantised {
  if (subspaces < 1 || dims % subspaces !== 0)
    throw new RangeError(`${subspaces} sub-spaces do not divide ${dims} dimensions; use a divisor`);
  const size = vectors.length / dims;
  const length = dims / subspaces;
  const random = mulberry32(seed);
  const rows = sampleRows(size, Math.min(size, sample), random);
  const codebooks = new Float32Array(CENTROIDS * dims);
  const codes = new Uint8Array(size * subspaces);
  // Parts are padded with zeros, which change no distance, because the inner loop processes four numbers at a time.
  const padded = roundUp(length, 4);
  const learnedFrom = new Float32Array(rows.length * padded);
  const part = new Float32Array(size * padded);
  const partCodes = new Uint8Array(size);
  for (let subspace = 0; subspace < subspaces; subspace++) {
    for (let row = 0; row < size; row++) {
      const start = row * dims + subspace * length;
      for (let d = 0; d < length; d++) part[row * padded + d] = vectors[start + d];
    }
    rows.forEach((row, i) => {
      learnedFrom.set(part.subarray(row * padded, (row + 1) * padded), i * padded);
    });
    const centroids = kMeans(learnedFrom, padded, iterations, random);
    for (let c = 0; c < CENTROIDS; c++)
      codebooks.set(centroids.subarray(c * padded, c * padded + length), (subspace * CENTROIDS + c) * length);
    assign(part, centroids, padded, partCodes);
    for (let row = 0; row < size; row++) codes[row * subspaces + subspace] = partCodes[row];
  }
  return { dims, subspaces, codebooks, codes };
}

/** Samples distinct rows: the first of a Fisher–Yates shuffle. */
function sampleRows(size: number, count: number, random: () => number): Uint32Array {
  const rows = Uint32Array.from({ length: size }, (_, row) => row);
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(random() * (size - i));
    [rows[i], rows[j]] = [rows[j], rows[i]];
  }
  return rows.slice(0, count);
}

/**
 * Runs k-means on points in random order. A centroid without points moves to a random point.
 *
 * @param length of a point, a multiple of 4
 * @returns CENTROIDS × length
 */
function kMeans(points: Float32Array, length: number, iterations: number, random: () => number): Float32Array {
  const count = points.length / length;
  const centroids = new Float32Array(CENTROIDS * length);
  if (count === 0) return centroids;
  for (let c = 0; c < CENTROIDS; c++)
    centroids.set(points.subarray((c % count) * length, ((c % count) + 1) * length), c * length);
  const nearest = new Uint8Array(count);
  for (let iteration = 0; iteration < iterations; iteration++) {
    assign(points, centroids, length, nearest);
    const sums = new Float64Array(CENTROIDS * length);
    const counts = new Uint32Array(CENTROIDS);
    for (let i = 0; i < count; i++) {
      counts[nearest[i]]++;
      for (let d = 0; d < length; d++) sums[nearest[i] * length + d] += points[i * length + d];
    }
    for (let c = 0; c < CENTROIDS; c++) {
      const point = counts[c] === 0 ? Math.floor(random() * count) : -1;
      for (let d = 0; d < length; d++)
        centroids[c * length + d] = point >= 0 ? points[point * length + d] : sums[c * length + d] / counts[c];
    }
  }
  return centroids;
}

/**
 * Finds the nearest centroid of each point, the one with the smallest |c|²/2 − x·c.
 *
 * @param length of a point, a multiple of 4
 * @param nearest output, one a point
 */
function assign(points: Float32Array, centroids: Float32Array, length: number, nearest: Uint8Array): void {
  const halfNorms = new Float64Array(CENTROIDS);
  for (let i = 0; i < centroids.length; i++) halfNorms[Math.floor(i / length)] += centroids[i] ** 2 / 2;
  for (let i = 0, start = 0; i < nearest.length; i++, start += length) {
    let least = Number.POSITIVE_INFINITY;
    let best = 0;
    for (let c = 0, at = 0; c < CENTROIDS; c++) {
      let distance = halfNorms[c];
      for (let x = start; x < start + length; x += 4, at += 4) {
        const low = points[x] * centroids[at] + points[x + 1] * centroids[at + 1];
        distance -= low + (points[x + 2] * centroids[at + 2] + points[x + 3] * centroids[at + 3]);
      }
      if (distance < least) {
        least = distance;
        best = c;
      }
    }
    nearest[i] = best;
  }
}
