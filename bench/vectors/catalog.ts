import { join } from 'node:path';
import { readArtifact, readManifest } from '../../lib/artifacts/node';
import { foldIn } from '../../lib/engine/recommenders/fold-in';
import { dequantiseRows, type LatentColumns, readLatent } from '../../lib/format/latent';
import { gram } from '../../lib/math/linear-algebra';
import { gaussian, mulberry32 } from '../../lib/math/random';

/** Length of the noise added to a resampled vector, as a share of the vector's length. */
const NOISE = 0.2;
const MAX_HISTORY_LENGTH = 30;

export interface RealFactors {
  domain: string;
  latent: LatentColumns;
  /** itemCount × dims */
  factors: Float32Array;
}

/** @returns the factors of the domain with the most items */
export async function largestFactors(artifacts: string, domains: readonly string[]): Promise<RealFactors> {
  const all = await Promise.all(
    domains.map(async (domain) => ({ domain, manifest: (await readManifest(join(artifacts, domain))).manifest })),
  );
  const { domain, manifest } = all.reduce((a, b) =>
    b.manifest.counts.warmItems > a.manifest.counts.warmItems ? b : a,
  );
  const file = manifest.artifacts.find(({ name }) => name === 'latent')!;
  const latent = readLatent(await readArtifact(join(artifacts, domain), file));
  return { domain, latent, factors: dequantiseRows(latent.quantised, latent.scales, latent.dims) };
}

/**
 * Resamples a catalog to any size. Rows are sampled evenly and in order of popularity, each with Gaussian noise of
 * {@link NOISE} of its length, which preserves the geometry of the real catalog.
 *
 * @returns size × dims
 */
export function resample({ factors, latent: { dims, itemCount } }: RealFactors, size: number): Float32Array {
  const random = mulberry32(size);
  const normal = gaussian(random);
  // A table of normal numbers, read from random offsets: computing 64 million logarithms would dominate the bench.
  const noise = Float32Array.from({ length: 2 ** 16 + dims }, normal);
  const vectors = new Float32Array(size * dims);
  for (let row = 0; row < size; row++) {
    const source = Math.floor(((row + random()) / size) * itemCount) * dims;
    const noiseAt = Math.floor(random() * 2 ** 16);
    let squares = 0;
    for (let d = 0; d < dims; d++) squares += factors[source + d] ** 2;
    const share = NOISE * Math.sqrt(squares / dims);
    for (let d = 0; d < dims; d++) vectors[row * dims + d] = factors[source + d] + share * noise[noiseAt + d];
  }
  return vectors;
}

/** Synthetic users, folded in from 1 to 30 items of the real catalog, popular ones more often. */
export function syntheticUsers({ factors, latent }: RealFactors, count: number): Float32Array[] {
  const { dims, itemCount } = latent;
  const parameters = { ...latent, gram: gram(factors, dims) };
  const random = mulberry32(22);
  return Array.from({ length: count }, () => {
    const observations = Array.from({ length: 1 + Math.floor(random() * MAX_HISTORY_LENGTH) }, () => {
      const row = Math.floor(random() ** 2 * itemCount);
      return { vector: factors.subarray(row * dims, (row + 1) * dims), weight: 1, target: 1 };
    });
    return foldIn(parameters, observations).factors;
  });
}
