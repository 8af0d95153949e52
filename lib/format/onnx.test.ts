import fc from 'fast-check';
import * as ort from 'onnxruntime-web/wasm';
import { PbfWriter } from 'pbf';
import { describe, expect, it } from 'vitest';
import { mlpWithInput } from '../../testing/engine/mlp';
import { type DenseLayer, forward, type Mlp } from '../math/mlp';
import { readMlp, roundWeights, writeMlp } from './onnx';
import { outcome, withByte } from './testing/damage';

const mlp: Mlp = {
  layers: [
    {
      inputs: 2,
      outputs: 3,
      weights: Float32Array.of(1, -1, 0.5, 2, 0, -3),
      bias: Float32Array.of(0, 0.25, -1),
      activation: 'relu',
    },
    { inputs: 3, outputs: 1, weights: Float32Array.of(1, 2, 3), bias: Float32Array.of(0.125), activation: 'none' },
  ],
};
const file = writeMlp(mlp, { name: 'tiny' });
const read = (bytes: Uint8Array) => readMlp(bytes, 'x.onnx');
const layer = (change: Partial<DenseLayer>): Mlp => ({ layers: [mlp.layers[0], { ...mlp.layers[1], ...change }] });

describe('a network', () => {
  it('round-trips, with the same bytes each time', () => {
    fc.assert(
      fc.property(mlpWithInput(), ({ mlp }) => {
        const bytes = writeMlp(mlp, { name: 'any', inputName: 'features', outputName: 'weights', doc: 'Anything.' });
        expect(read(bytes)).toEqual(mlp);
        expect(writeMlp(mlp, { name: 'any', inputName: 'features', outputName: 'weights', doc: 'Anything.' })).toEqual(
          bytes,
        );
      }),
    );
  });

  it('is read back with rounded weights if asked for, and rounding twice changes nothing', () => {
    fc.assert(
      fc.property(mlpWithInput(), ({ mlp }) => {
        const rounded = roundWeights(mlp);
        const bytes = writeMlp(mlp, { name: 'any', rounded: true });
        expect(read(bytes)).toEqual(rounded);
        expect(writeMlp(rounded, { name: 'any', rounded: true })).toEqual(bytes);
        rounded.layers.forEach(({ weights, bias, inputs }, i) => {
          const exact = mlp.layers[i];
          expect(bias).toEqual(exact.bias);
          for (let row = 0; row < weights.length; row += inputs) {
            const largest = Math.max(...exact.weights.subarray(row, row + inputs).map(Math.abs));
            for (let j = row; j < row + inputs; j++)
              expect(Math.abs(weights[j] - exact.weights[j])).toBeLessThanOrEqual((0.501 * largest) / 127 + 1e-27);
          }
        });
      }),
    );
  });

  it('takes about a quarter of the bytes with rounded weights', () => {
    const weights = Float32Array.from({ length: 64 * 64 }, (_, i) => Math.sin(i));
    const wide: Mlp = {
      layers: [{ inputs: 64, outputs: 64, weights, bias: new Float32Array(64), activation: 'none' }],
    };
    const bytes = (rounded: boolean) => writeMlp(wide, { name: 'wide', rounded }).length;
    expect(bytes(true)).toBeLessThan(0.3 * bytes(false));
  });

  it('can be read from any offset of a larger buffer, and is a copy', () => {
    for (const shift of [1, 2, 4]) {
      const buffer = Buffer.alloc(file.length + shift);
      buffer.set(file, shift);
      const found = read(buffer.subarray(shift));
      buffer.fill(0);
      expect(found).toEqual(mlp);
    }
  });

  it('cannot be written if it is inconsistent or its names are not distinct', () => {
    expect(() => writeMlp(layer({ inputs: 2 }), { name: 'x' })).toThrow(RangeError);
    expect(() => writeMlp(mlp, { name: 'x', inputName: 'y', outputName: 'y' })).toThrow('the names must be its own');
    expect(() => writeMlp(mlp, { name: 'x', inputName: 'layer0/sum' })).toThrow('the names must be its own');
  });
});

describe('onnxruntime', () => {
  // No threads, as in the worker. In Node, the runtime finds its WebAssembly in its package.
  ort.env.wasm.numThreads = 1;

  it('computes the formula, for any network and any number of rows', async () => {
    await fc.assert(
      fc.asyncProperty(mlpWithInput(), fc.integer({ min: 1, max: 5 }), async ({ mlp, input }, rows) => {
        const session = await ort.InferenceSession.create(writeMlp(mlp, { name: 'any', doc: 'Anything.' }));
        const batch = Float32Array.from({ length: rows * input.length }, (_, i) => input[i % input.length] / (1 + i));
        const { output } = await session.run({ input: new ort.Tensor('float32', batch, [rows, input.length]) });
        await session.release();
        const expected = Array.from({ length: rows }, (_, row) => [
          ...forward(mlp, batch.subarray(row * input.length, (row + 1) * input.length)),
        ]).flat();
        expect(output.dims).toEqual([rows, expected.length / rows]);
        expected.forEach((value, i) => {
          expect(Math.abs((output.data as Float32Array)[i] - value)).toBeLessThan(1e-5);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('computes the same for rounded weights', async () => {
    await fc.assert(
      fc.asyncProperty(mlpWithInput(), async ({ mlp, input }) => {
        const session = await ort.InferenceSession.create(writeMlp(mlp, { name: 'any', rounded: true }));
        const { output } = await session.run({ input: new ort.Tensor('float32', input, [1, input.length]) });
        await session.release();
        forward(roundWeights(mlp), input).forEach((value, i) => {
          expect(Math.abs((output.data as Float32Array)[i] - value)).toBeLessThan(1e-5);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('uses the names of input and output', async () => {
    const session = await ort.InferenceSession.create(
      writeMlp(mlp, { name: 'tiny', inputName: 'features', outputName: 'gate' }),
    );
    expect([session.inputNames, session.outputNames]).toEqual([['features'], ['gate']]);
    await session.release();
  });
});

describe('the reader', () => {
  it('rejects an empty file, and every truncated one', () => {
    expect(() => read(new Uint8Array())).toThrow(
      expect.objectContaining({ code: 'ARTIFACT_EMPTY', message: 'x.onnx is empty (0 bytes)' }),
    );
    for (let length = 1; length < file.length; length++)
      expect(outcome(read, file.subarray(0, length)), `${length} bytes`).toEqual({ code: 'ARTIFACT_TRUNCATED' });
    expect(() => read(file.subarray(0, 100))).toThrow('x.onnx is cut short: it ends at 100 bytes, inside a field');
  });

  it('rejects a file that is not an ONNX model', () => {
    for (const text of ['<!doctype html>', '{', 'PK\u0003\u0004', 'INKP'])
      expect(outcome(read, new TextEncoder().encode(text)), text).toEqual({ code: 'ARTIFACT_FOREIGN' });
  });

  it('rejects later and earlier versions of ONNX', () => {
    expect(() => read(withByte(file, 1, 9))).toThrow(
      expect.objectContaining({
        code: 'ARTIFACT_FUTURE',
        message: 'x.onnx is written for ONNX IR version 9; this reader knows 8',
      }),
    );
    expect(() => read(withByte(file, 1, 7))).toThrow('the IR version is 7, where 8 was expected');
    expect(() => read(withByte(file, file.length - 1, 18))).toThrow(
      expect.objectContaining({ code: 'ARTIFACT_FUTURE', message: expect.stringContaining('operator set 18') }),
    );
  });

  it('rejects trailing bytes', () => {
    for (const tail of [[0], [0x08, 0x08], [0x3a, 0], [0xff, 0xff]])
      expect(outcome(read, Uint8Array.from([...file, ...tail]))).not.toHaveProperty('result');
  });

  it('reads a damaged file as an InkpickError or a network of the same shape', () => {
    const damage = fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(damage, (changes) => {
        const found = outcome(
          read,
          changes.reduce((damaged, [at, value]) => withByte(damaged, at, value), file as Uint8Array),
        );
        if ('result' in found)
          expect(found.result.layers.map(({ inputs, outputs }) => [inputs, outputs])).toEqual([
            [2, 3],
            [3, 1],
          ]);
      }),
      { numRuns: 1000 },
    );
  });

  it('does not trust lengths and sizes', () => {
    // A graph with a length of 2⁶³ bytes, a number that does not end, and a tensor of 2⁴⁰ × 2⁴⁰ numbers.
    const huge = [0x08, 8, 0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];
    expect(outcome(read, Uint8Array.from(huge))).toEqual({ code: 'ARTIFACT_TRUNCATED' });
    expect(outcome(read, Uint8Array.from([0x08, ...Array(20).fill(0xff)]))).toEqual({ code: 'ARTIFACT_MALFORMED' });
    const lying = replaced({ tensor: { dims: [2 ** 40, 2 ** 40] } });
    expect(() => read(lying)).toThrow('"w" has the shape [1099511627776, 1099511627776] and 4 bytes');
  });

  it.each<[string, Changes, string]>([
    ['another operator', { nodes: [{ operator: 'Tanh' }] }, 'node 0, it is "Tanh", where "Gemm" was expected'],
    ['a Relu before any layer', { nodes: [{ operator: 'Relu' }] }, 'it is "Relu", where "Gemm" was expected'],
    [
      'a Gemm without transB',
      { nodes: [{ attributes: [] }] },
      'has the attributes [], where [transB = 1] was expected',
    ],
    [
      'a Gemm with more to it',
      {
        nodes: [
          {
            attributes: [
              ['transB', 1],
              ['transA', 1],
            ],
          },
        ],
      },
      'has the attributes [transB = 1, transA = 1]',
    ],
    [
      'a Gemm without bias',
      { nodes: [{ inputs: ['input', 'w'] }] },
      'its weights must be [outputs, inputs] and its bias',
    ],
    [
      'a tensor that is not there',
      { nodes: [{ inputs: ['input', 'v', 'b'] }] },
      'its tensor "v" is missing, or used twice',
    ],
    ['a tensor used twice', { nodes: [{ inputs: ['input', 'w', 'w'] }] }, 'its tensor "w" is missing, or used twice'],
    ['nodes that do not follow', { nodes: [{ inputs: ['x', 'w', 'b'] }] }, 'it takes "x", where "input" was expected'],
    ['no nodes', { nodes: [] }, 'in the graph, it has no nodes'],
    ['nodes that end elsewhere', { nodes: [{ output: 'y' }] }, 'its nodes end in "y", 1 numbers, not in "output"'],
    ['another element type', { tensor: { type: 10 } }, 'in tensor 0, "w" is neither float32 nor int8'],
    ['numbers that are not finite', { tensor: { values: [Number.NaN] } }, '"w" has a value that is not finite'],
    ['a tensor of another size', { tensor: { values: [1, 2] } }, '"w" has the shape [1, 1] and 8 bytes'],
    ['a matrix for a vector', { tensor: { dims: [1] } }, 'its weights must be [outputs, inputs]'],
    ['a size that the input does not have', { columns: 2 }, 'it takes 1 numbers, where 2 are given'],
  ])('rejects %s', (_, changes, message) => {
    expect(() => read(replaced(changes))).toThrow(
      expect.objectContaining({ code: 'ARTIFACT_MALFORMED', message: expect.stringContaining(message) }),
    );
  });

  it('reads a damaged rounded network as an InkpickError or a network of the same shape', () => {
    const rounded = writeMlp(mlp, { name: 'tiny', rounded: true });
    for (let at = 0; at < rounded.length; at++)
      for (const value of [0, 1, rounded[at] ^ 1, rounded[at] ^ 0x80, 255]) {
        const found = outcome(read, withByte(rounded, at, value));
        if ('result' in found)
          expect(found.result.layers.map(({ inputs, outputs }) => [inputs, outputs])).toEqual([
            [2, 3],
            [3, 1],
          ]);
      }
  });

  it.each<[string, NodeChanges, string]>([
    [
      'an axis of columns',
      { attributes: [['axis', 1]] },
      'has the attributes [axis = 1], where [axis = 0] was expected',
    ],
    ['no axis', { attributes: [] }, 'has the attributes [], where [axis = 0] was expected'],
    ['no scales', { inputs: ['w'] }, 'it must take int8 [outputs, inputs] and float32 scales [outputs]'],
    ['weights of float32', { inputs: ['w', 'b'] }, 'it must take int8 [outputs, inputs] and float32 scales [outputs]'],
    ['a tensor that is not there', { inputs: ['v', 'b'] }, 'its tensor "v" is missing, or used twice'],
  ])('rejects a DequantizeLinear of %s', (_, change, message) => {
    const node = { operator: 'DequantizeLinear', attributes: [['axis', 0]] as [string, number][], output: 'v' };
    expect(() => read(replaced({ nodes: [{ ...node, ...change }] }))).toThrow(
      expect.objectContaining({ code: 'ARTIFACT_MALFORMED', message: expect.stringContaining(message) }),
    );
  });

  it('accepts the smallest network', () => {
    expect(read(replaced({}))).toEqual({
      layers: [{ inputs: 1, outputs: 1, weights: Float32Array.of(3), bias: Float32Array.of(4), activation: 'none' }],
    });
  });
});

interface NodeChanges {
  operator?: string;
  inputs?: string[];
  output?: string;
  attributes?: [string, number][];
}
interface Changes {
  nodes?: NodeChanges[];
  tensor?: { dims?: number[]; type?: number; values?: number[] };
  columns?: number;
}

/** The model of one unit, output = 3 · input + 4, with some parts replaced. */
function replaced({ nodes = [{}], tensor = {}, columns = 1 }: Changes): Uint8Array {
  const pbf = new PbfWriter();
  const nest = (field: number, write: () => void) => pbf.writeMessage(field, write, null);
  const matrix = (field: number, name: string, size: number) =>
    nest(field, () => {
      pbf.writeStringField(1, name);
      nest(2, () =>
        nest(1, () => {
          pbf.writeVarintField(1, 1);
          nest(2, () => {
            nest(1, () => pbf.writeStringField(2, 'batch'));
            nest(1, () => pbf.writeVarintField(1, size));
          });
        }),
      );
    });
  const initializer = (name: string, dims: number[], type: number, values: number[]) =>
    nest(5, () => {
      for (const size of dims) pbf.writeVarintField(1, size);
      pbf.writeVarintField(2, type);
      pbf.writeStringField(8, name);
      pbf.writeBytesField(9, new Uint8Array(Float32Array.from(values).buffer));
    });
  pbf.writeVarintField(1, 8);
  nest(7, () => {
    for (const {
      operator = 'Gemm',
      inputs = ['input', 'w', 'b'],
      output = 'output',
      attributes = [['transB', 1]],
    } of nodes)
      nest(1, () => {
        for (const input of inputs) pbf.writeStringField(1, input);
        pbf.writeStringField(2, output);
        pbf.writeStringField(4, operator);
        for (const [name, value] of attributes)
          nest(5, () => {
            pbf.writeStringField(1, name as string);
            pbf.writeVarintField(3, value as number);
            pbf.writeVarintField(20, 2);
          });
      });
    initializer('w', tensor.dims ?? [1, 1], tensor.type ?? 1, tensor.values ?? [3]);
    initializer('b', [1], 1, [4]);
    matrix(11, 'input', columns);
    matrix(12, 'output', 1);
  });
  nest(8, () => pbf.writeVarintField(2, 17));
  return pbf.finish();
}
