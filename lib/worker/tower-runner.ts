import type { RecommendRequest } from '../contracts/engine';
import { OnnxSession } from './onnx-session';

/** What running a user tower needs of its engine. */
export interface TowerEngine {
  /** What the tower wants to know of a user; null where the engine does without it. */
  towerInput(request: RecommendRequest): Float32Array | null;
}

/** Whether the visitor asked the browser to save data. Not every browser reports it, and Node 20 has no `navigator`. */
function savesData(): boolean {
  const { navigator } = globalThis as { navigator?: { connection?: { saveData?: boolean } } };
  return navigator?.connection?.saveData === true;
}

/**
 * Runs a domain's user tower in ONNX Runtime. The runtime is fetched late, once there is something on the screen: until
 * then, and wherever it cannot be had, the engine runs the same network itself, with the same result.
 */
export class TowerRunner {
  private readonly engine: TowerEngine;
  /** The ONNX model; undefined where the domain has none, and once the start has begun. */
  private model: Uint8Array | undefined;
  private session: OnnxSession | undefined;

  constructor(engine: TowerEngine, model: Uint8Array | undefined) {
    this.engine = engine;
    this.model = model;
  }

  /** Fetches the runtime and opens the model at the first call, and does nothing at later ones. Never rejects. */
  async start(): Promise<void> {
    const { model } = this;
    this.model = undefined;
    if (!model || savesData()) return;
    try {
      this.session = await OnnxSession.open(model);
    } catch (error) {
      console.warn('ONNX Runtime could not be started; the engine runs the user tower itself.', error);
    }
  }

  /** The tower's output for a request; undefined where the engine is to run it, or does without it. */
  async output(request: RecommendRequest): Promise<Float32Array | undefined> {
    const { session } = this;
    const input = session && this.engine.towerInput(request);
    if (!input) return undefined;
    try {
      return await session.run(input);
    } catch (error) {
      this.session = undefined;
      console.warn('ONNX Runtime failed; the engine runs the user tower itself.', error);
      return undefined;
    }
  }
}
