import type { APIRequestContext } from '@playwright/test';

/** The path of ONNX Runtime's WebAssembly. */
export const RUNTIME = /\/_next\/static\/.*\.wasm$/;

/** The domains with a user tower, and those without. */
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
