import fc from 'fast-check';
import type { DenseLayer, Mlp } from '../../lib/math/mlp';

const floats = (length: number) =>
  fc
    .array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: length, maxLength: length })
    .map((values) => Float32Array.from(values));

const activation = fc.constantFrom<DenseLayer['activation']>('relu', 'none');

/** Generates networks with layers of these sizes, starting with the input. */
export function mlpOf(sizes: readonly number[]): fc.Arbitrary<Mlp> {
  const layers = sizes.slice(1).map((outputs, i) =>
    fc.record({
      inputs: fc.constant(sizes[i]),
      outputs: fc.constant(outputs),
      weights: floats(sizes[i] * outputs),
      bias: floats(outputs),
      activation,
    }),
  );
  return fc.record({ layers: fc.tuple(...layers) });
}

/**
 * Generates networks of one to three layers of up to four units, with an input and a direction of the output's size.
 */
export function mlpWithInput(): fc.Arbitrary<{ mlp: Mlp; input: Float32Array; direction: Float32Array }> {
  return fc
    .array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 4 })
    .chain((sizes) =>
      fc.record({ mlp: mlpOf(sizes), input: floats(sizes[0]), direction: floats(sizes[sizes.length - 1]) }),
    );
}
