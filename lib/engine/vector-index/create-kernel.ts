import type { Kernel } from './kernel';
import { ScalarKernel } from './scalar-kernel';
import { createSimdKernel, PAGE_BYTES } from './simd-kernel';

/** One page less than 32 bits can address, so that the address after the last byte fits too. */
const MAX_BYTES = 2 ** 32 - PAGE_BYTES;

/**
 * Creates a kernel in WebAssembly with SIMD, or in TypeScript with the same results where the host lacks SIMD or
 * forbids compiling.
 *
 * @param bytes of memory, initially 0
 * @throws RangeError if the memory cannot be addressed or allocated
 */
export function createKernel(bytes: number): Kernel {
  if (bytes > MAX_BYTES) throw new RangeError(`a vector index of ${bytes} bytes: ${MAX_BYTES} can be addressed`);
  return createSimdKernel(bytes) ?? new ScalarKernel(bytes);
}
