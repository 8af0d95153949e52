// The engine runs in a worker, in Node and in tests. These are the only globals outside ECMAScript
// that it may use; everything else (DOM, fetch, Node) must fail to compile here.
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input?: ArrayBufferView | ArrayBufferLike): string;
}
declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
}
/** Base64 to one character a byte. */
declare function atob(data: string): string;
