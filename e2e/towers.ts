import type { APIRequestContext } from '@playwright/test';

/** The WebAssembly of ONNX Runtime, by the path it is served from. */
export const RUNTIME = /\/_next\/static\/.*\.wasm$/;

/** The domains: those that have a user tower, and those that do not. */
export async function domainsByTower(request: APIRequestContext): Promise<{ having: string[]; lacking: string[] }> {
  const { domains }: { domains: string[] } = await (await request.get('/artifacts/index.json')).json();
  const having: string[] = [];
  const lacking: string[] = [];
  for (const domain of domains) {
    const manifest = await (await request.get(`/artifacts/${domain}/manifest.json`)).json();
    const names = manifest.artifacts.map(({ name }: { name: string }) => name);
    (names.includes('tower') ? having : lacking).push(domain);
  }
  return { having, lacking };
}
