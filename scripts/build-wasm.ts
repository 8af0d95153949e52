import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import wabt from 'wabt';

/**
 * `npx tsx scripts/build-wasm.ts` compiles the inner loops of the vector indexes and embeds them in TypeScript, so that
 * the engine loads no further file. Run it after a change of kernel.wat; a test compares the two.
 */
const folder = new URL('../lib/engine/vector-index/wasm/', import.meta.url);
const source = fileURLToPath(new URL('kernel.wat', folder));
export const TARGET = fileURLToPath(new URL('kernel-base64.ts', folder));

/** @returns the source of kernel-base64.ts, which embeds the compiled kernel.wat */
export async function compileKernel(): Promise<string> {
  const { parseWat } = await wabt();
  const module = parseWat('kernel.wat', await readFile(source, 'utf8'), { simd: true });
  module.validate();
  const base64 = Buffer.from(module.toBinary({}).buffer).toString('base64');
  module.destroy();
  const lines = base64.match(/.{1,112}/g)!.map((line) => `  '${line}'`);
  return `// Made from kernel.wat by scripts/build-wasm.ts.\nexport const KERNEL_BASE64 =\n${lines.join(' +\n')};\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(TARGET, await compileKernel());
