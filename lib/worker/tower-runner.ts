import type { RecommendRequest } from '../contracts/engine';
import { OnnxSession } from './onnx-session';

/** The part of the engine that running a user tower needs. */
export interface TowerEngine {
  /** The tower's input for a request; null where the engine does not use the tower. */
  towerInput(request: RecommendRequest): Float32Array | null;
}

/** Whether the visitor asked the browser to save data. Not every browser reports it, and Node 20 has no `navigator`. */
function savesData(): boolean {
  const { navigator } = globalThis as { navigator?: { connection?: { saveData?: boolean } } };
  return navigator?.connection?.saveData === true;
}

/**
 * Runs a domain's user tower in ONNX Runtime. The runtime is fetched late, after the first list is rendered. Until
 * then, and where it cannot be fetched, the engine runs the same network itself, with the same result.
 */
export class TowerRunner {
  private readonly engine: TowerEngine;
  /** The ONNX model; undefined where the domain has none, and after {@link start} was called. */
  private model: Uint8Array | undefined;
  private session: OnnxSession | undefined;

  constructor(engine: TowerEngine, model: Uint8Array | undefined) {
    this.engine = engine;
    this.model = model;
  }

  /** Fetches the runtime and opens the model at the first call; later calls do nothing. Never rejects. */
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

  /** The tower's output for a request; undefined where the engine runs the tower itself or does not use it. */
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
