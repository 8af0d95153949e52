import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { writeMlp } from '../format/onnx';
import { forward, type Mlp } from '../math/mlp';
import { OnnxSession } from './onnx-session';
import { TowerRunner, type TowerSession } from './tower-runner';

const mlp: Mlp = {
  layers: [
    { inputs: 2, outputs: 2, weights: Float32Array.of(1, -1, 0.5, 2), bias: Float32Array.of(0, 1), activation: 'relu' },
    { inputs: 2, outputs: 1, weights: Float32Array.of(3, 4), bias: Float32Array.of(-1), activation: 'none' },
  ],
};
const model = writeMlp(mlp, { name: 'tower' });
const session: TowerSession = { towerInput: () => Float32Array.of(1, 5) };

let warn: MockInstance<typeof console.warn>;
let open: MockInstance<typeof OnnxSession.open>;
beforeEach(() => {
  // Node has one since version 21.
  vi.stubGlobal('navigator', {});
  warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  open = vi.spyOn(OnnxSession, 'open');
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('a user tower in ONNX Runtime', () => {
  it('is opened once, by start(), and runs from then on', async () => {
    const runner = new TowerRunner(model);
    expect(await runner.run(session)).toBeUndefined();
    expect(open).not.toHaveBeenCalled();
    await Promise.all([runner.start(), runner.start()]);
    await runner.start();
    expect(open).toHaveBeenCalledExactlyOnceWith(model);
    expect(await runner.run(session)).toEqual(forward(mlp, Float32Array.of(1, 5)));
    expect(warn).not.toHaveBeenCalled();
  });

  it('leaves requests to the engine until it is open', async () => {
    const runner = new TowerRunner(model);
    const started = runner.start();
    expect(await runner.run(session)).toBeUndefined();
    await started;
    expect(await runner.run(session)).toBeDefined();
  });

  it('does not run where the engine does not use it', async () => {
    const runner = new TowerRunner(model);
    await runner.start();
    expect(await runner.run({ towerInput: () => null })).toBeUndefined();
  });

  it.each<[string, Uint8Array | undefined, object]>([
    ['the domain has none', undefined, {}],
    ['the browser saves data', model, { connection: { saveData: true } }],
  ])('costs nothing where %s', async (_, towerModel, navigator) => {
    vi.stubGlobal('navigator', navigator);
    const runner = new TowerRunner(towerModel);
    await runner.start();
    expect(await runner.run(session)).toBeUndefined();
    expect(open).not.toHaveBeenCalled();
    expect(warn).not.toHaveBeenCalled();
  });

  it.each<[string, Uint8Array, () => void]>([
    ['the runtime cannot be fetched', model, () => open.mockRejectedValue(new TypeError('fetch failed'))],
    ['the runtime rejects the model', model.slice().fill(0, 60, 70), () => {}],
  ])('is given up with one warning where %s', async (_, towerModel, breakRuntime) => {
    breakRuntime();
    const runner = new TowerRunner(towerModel);
    await runner.start();
    await runner.start();
    expect(open).toHaveBeenCalledOnce();
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      'ONNX Runtime could not be started; the engine runs the user tower itself.',
      expect.any(Error),
    );
    expect(await runner.run(session)).toBeUndefined();
  });

  it('that fails while running is left to the engine, with one warning', async () => {
    const towerInput = vi.fn(() => Float32Array.of(1, 2, 3));
    const runner = new TowerRunner(model);
    await runner.start();
    expect(await runner.run({ towerInput })).toBeUndefined();
    expect(await runner.run({ towerInput })).toBeUndefined();
    expect(towerInput).toHaveBeenCalledOnce();
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      'ONNX Runtime failed; the engine runs the user tower itself.',
      expect.any(Error),
    );
  });
});
