import type { Kernel } from './kernel';
import { KERNEL_BASE64 } from './wasm/kernel-base64';

/** The part of WebAssembly that the kernel needs. The global is optional: the engine also runs on hosts without it. */
interface WebAssemblyApi {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (
    module: object,
  ) => {
    exports: {
      memory: { buffer: ArrayBuffer; grow(pages: number): number };
      scan: Kernel['scan'];
      lookUp: Kernel['lookUp'];
      collect: Kernel['collect'];
      sort: Kernel['sort'];
    };
  };
}

/** Unit in which WebAssembly allocates memory. */
export const PAGE_BYTES = 65_536;

/** The compiled module; null where it cannot be compiled, undefined before the first attempt. */
let compiled: object | null | undefined;

/**
 * @param bytes of memory, initially 0
 * @returns null where the host has no WebAssembly with SIMD
 * @throws RangeError if the memory cannot be allocated
 */
export function createSimdKernel(bytes: number): Kernel | null {
  const { WebAssembly: api } = globalThis as unknown as { WebAssembly?: WebAssemblyApi };
  compiled ??= api ? compile(api) : null;
  if (!api || !compiled) return null;
  const { memory, scan, lookUp, collect, sort } = new api.Instance(compiled).exports;
  // The module starts with one page.
  memory.grow(Math.max(0, Math.ceil(bytes / PAGE_BYTES) - 1));
  return {
    simd: true,
    buffer: memory.buffer,
    scan,
    lookUp,
    sort,
    // WebAssembly returns signed integers, addresses are unsigned.
    collect: (scores, end, row, threshold, out) => collect(scores, end, row, threshold, out) >>> 0,
  };
}

/** @returns null where SIMD is unsupported, or where a content security policy forbids compiling */
function compile(api: WebAssemblyApi): object | null {
  const bytes = Uint8Array.from(atob(KERNEL_BASE64), (character) => character.charCodeAt(0));
  if (!api.validate(bytes)) return null;
  try {
    return new api.Module(bytes);
  } catch {
    return null;
  }
}
