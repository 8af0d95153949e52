import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { compileKernel, TARGET } from './build-wasm';

it('the compiled kernel in the repository is what kernel.wat compiles to', async () => {
  expect(await readFile(TARGET, 'utf8')).toBe(await compileKernel());
});
