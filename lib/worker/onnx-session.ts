import type { InferenceSession, Tensor } from 'onnxruntime-web/wasm';

/** A model with one input and one output, run by ONNX Runtime in WebAssembly. */
export class OnnxSession {
  private readonly session: InferenceSession;
  private readonly Row: typeof Tensor;

  private constructor(session: InferenceSession, Row: typeof Tensor) {
    this.session = session;
    this.Row = Row;
  }

  /**
   * Fetches the runtime, once for all sessions, and opens the model.
   *
   * @throws where the runtime cannot be fetched or compiled, or rejects the model
   */
  static async open(model: Uint8Array): Promise<OnnxSession> {
    const { env, InferenceSession, Tensor } = await import('onnxruntime-web/wasm');
    // More threads need a cross-origin isolated page and gain nothing for one row.
    env.wasm.numThreads = 1;
    return new OnnxSession(await InferenceSession.create(model, { executionProviders: ['wasm'] }), Tensor);
  }

  /**
   * @param input one row of the model's input length
   * @returns the output row
   */
  async run(input: Float32Array): Promise<Float32Array> {
    const { inputNames, outputNames } = this.session;
    const feeds = { [inputNames[0]]: new this.Row('float32', input, [1, input.length]) };
    const results = await this.session.run(feeds);
    return results[outputNames[0]].data as Float32Array;
  }
}
