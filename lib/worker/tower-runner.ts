import { OnnxSession } from './onnx-session';

/** The part of an engine's session that running a user tower needs. */
export interface TowerSession {
  /** The tower's input; null where the engine does not use the tower for this request. */
  towerInput(): Float32Array | null;
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
  /** The ONNX model; undefined where the domain has none, and after {@link start} was called. */
  private model: Uint8Array | undefined;
  private runtime: OnnxSession | undefined;

  constructor(model: Uint8Array | undefined) {
    this.model = model;
  }

  /** Fetches the runtime and opens the model at the first call; later calls do nothing. Never rejects. */
  async start(): Promise<void> {
    const { model } = this;
    this.model = undefined;
    if (!model || savesData()) return;
    try {
      this.runtime = await OnnxSession.open(model);
    } catch (error) {
      console.warn('ONNX Runtime could not be started; the engine runs the user tower itself.', error);
    }
  }

  /** The user's factors by the tower; undefined where the engine runs the tower itself or does not use it. */
  async run(session: TowerSession): Promise<Float32Array | undefined> {
    const { runtime } = this;
    const input = runtime && session.towerInput();
    if (!input) return undefined;
    try {
      return await runtime.run(input);
    } catch (error) {
      this.runtime = undefined;
      console.warn('ONNX Runtime failed; the engine runs the user tower itself.', error);
      return undefined;
    }
  }
}
