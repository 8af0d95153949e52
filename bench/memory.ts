import type { Browser, CDPSession, Worker } from '@playwright/test';
import type { Part } from './context';
import { type Measured, single } from './lines';
import { observedContext, popularPicks, visit } from './page';
import { atMost } from './worker';

const MAX_BYTES = 120_000_000;
/** By then, the rest of the catalog, the HNSW index and ONNX Runtime are loaded. */
const SETTLED_MS = 6000;

/** Memory of a domain's worker after everything is loaded and lists were computed. */
export const benchMemory: Part = async ({ browser, server, domains, log }) => {
  const base = await server();
  const chromium = await browser();
  const lines: Measured[] = [];
  for (const domain of domains) {
    log(`${domain}: memory of the worker`);
    const others = await workers(chromium);
    const context = await observedContext(chromium);
    context.on('page', (opened) => opened.on('worker', record));
    const { page } = await visit(context, `${base}/${domain}#${await popularPicks(base, domain)}`);
    await page.waitForTimeout(SETTLED_MS);
    const [worker] = (await workers(chromium)).filter((id) => !others.includes(id));
    const { heap, buffers } = await usageOf(chromium, worker);
    const wasm = await page.workers()[0].evaluate(() => (self as unknown as RecordingWorker).wasmBytes());
    await context.close();
    lines.push({
      domain,
      name: 'memory of the worker',
      unit: 'bytes',
      ...single(heap + buffers + wasm),
      note: `after a collection: ${[
        ['heap', heap],
        ['array buffers', buffers],
        ['WebAssembly', wasm],
      ]
        .map(([name, bytes]) => `${name} ${(Number(bytes) / 1e6).toFixed(1)} MB`)
        .join(', ')}`,
      targets: atMost({ value: MAX_BYTES }),
    });
  }
  return lines;
};

async function workers(browser: Browser): Promise<string[]> {
  const session = await browser.newBrowserCDPSession();
  const { targetInfos } = await session.send('Target.getTargets', { filter: [{}] });
  await session.detach();
  return targetInfos.filter(({ type }) => type === 'worker').map(({ targetId }) => targetId);
}

async function record(worker: Worker): Promise<void> {
  // tsx wraps inner functions in a call to this helper, which the browser does not have.
  await worker.evaluate('globalThis.__name = (made) => made');
  await worker.evaluate(recordMemories);
}

interface RecordingWorker {
  wasmBytes(): number;
}

/** Runs in the worker at its start: records WebAssembly memories, which no command of the protocol counts. */
function recordMemories(): void {
  const memories = new Set<WebAssembly.Memory>();
  const note = (values: object = {}) => {
    for (const value of Object.values(values)) if (value instanceof WebAssembly.Memory) memories.add(value);
  };
  const noteImports = (imports: WebAssembly.Imports = {}) => {
    for (const module of Object.values(imports)) note(module);
  };
  const { instantiate, instantiateStreaming, Instance } = WebAssembly;
  const noting =
    // biome-ignore lint/suspicious/noExplicitAny: the two functions accept many types of source.
      (make: (source: any, imports?: WebAssembly.Imports) => Promise<any>) =>
      async (source: unknown, imports?: WebAssembly.Imports) => {
        noteImports(imports);
        const made = await make(source, imports);
        note((made.instance ?? made).exports);
        return made;
      };
  WebAssembly.instantiate = noting(instantiate) as typeof instantiate;
  WebAssembly.instantiateStreaming = noting(instantiateStreaming) as typeof instantiateStreaming;
  WebAssembly.Instance = class extends Instance {
    constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
      super(module, imports);
      noteImports(imports);
      note(this.exports);
    }
  };
  Object.assign(self, {
    wasmBytes: () => [...memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
  });
}

/** @returns bytes of V8's heap and of array buffers outside it in a worker */
async function usageOf(browser: Browser, targetId: string): Promise<{ heap: number; buffers: number }> {
  const session = await browser.newBrowserCDPSession();
  const { sessionId } = await session.send('Target.attachToTarget', { targetId, flatten: false });
  let next = 1;
  const send = (method: string, params: object = {}) => command(session, sessionId, next++, method, params);
  await send('HeapProfiler.enable');
  for (let i = 0; i < 3; i++) await send('HeapProfiler.collectGarbage');
  const usage = await send('Runtime.getHeapUsage');
  await session.detach();
  return {
    heap: usage.usedSize + (usage.embedderHeapUsedSize ?? 0),
    buffers: usage.backingStorageSize ?? 0,
  };
}

/** Sends a Chrome DevTools Protocol command to a worker's target, for which Playwright has no session. */
function command(
  session: CDPSession,
  sessionId: string,
  id: number,
  method: string,
  params: object,
  // biome-ignore lint/suspicious/noExplicitAny: results differ by command.
): Promise<any> {
  return new Promise((resolve, reject) => {
    const onMessage = (event: { sessionId: string; message: string }) => {
      const response = JSON.parse(event.message);
      if (event.sessionId !== sessionId || response.id !== id) return;
      session.off('Target.receivedMessageFromTarget', onMessage);
      if (response.error) reject(new Error(`${method}: ${response.error.message}`));
      else resolve(response.result);
    };
    session.on('Target.receivedMessageFromTarget', onMessage);
    session
      .send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method, params }) })
      .catch(reject);
  });
}
