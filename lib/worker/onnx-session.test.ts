import { describe, expect, it } from 'vitest';
import { writeMlp } from '../format/onnx';
import { forward, type Mlp } from '../math/mlp';
import { OnnxSession } from './onnx-session';

const tower = (scale: number): Mlp => ({
  layers: [
    {
      inputs: 3,
      outputs: 2,
      weights: Float32Array.of(1, -2, 0.5, 0.25, 3, -1).map((weight) => weight * scale),
      bias: Float32Array.of(0.5, -0.5),
      activation: 'relu',
    },
    { inputs: 2, outputs: 2, weights: Float32Array.of(2, 1, -1, 4), bias: Float32Array.of(0, 1), activation: 'none' },
  ],
});
const input = Float32Array.of(1, 0.5, -2);

describe('a session', () => {
  it('returns the output of the network, whatever its input and output are named', async () => {
    for (const names of [{}, { inputName: 'features', outputName: 'taste' }]) {
      const session = await OnnxSession.open(writeMlp(tower(1), { name: 'tower', ...names }));
      expect(await session.run(input)).toEqual(forward(tower(1), input));
    }
  });

  it('runs beside others, and its outputs do not change later', async () => {
    const [one, other] = await Promise.all(
      [1, 2].map((scale) => OnnxSession.open(writeMlp(tower(scale), { name: 'tower' }))),
    );
    const first = await one.run(input);
    expect(await other.run(input)).toEqual(forward(tower(2), input));
    await one.run(Float32Array.of(9, 9, 9));
    expect(first).toEqual(forward(tower(1), input));
  });

  it('is not opened from invalid bytes, and rejects inputs of another length', async () => {
    await expect(OnnxSession.open(new Uint8Array(8))).rejects.toThrow();
    const session = await OnnxSession.open(writeMlp(tower(1), { name: 'tower' }));
    await expect(session.run(Float32Array.of(1, 2))).rejects.toThrow();
    expect(await session.run(input)).toEqual(forward(tower(1), input));
  });
});
