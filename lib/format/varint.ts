/** LEB128 variable-length integers: 7 bits a byte, low bits first, high bit set on all but the last byte. */

/** Maps signed to unsigned so that small magnitudes stay small: 0, −1, 1, −2 → 0, 1, 2, 3. */
export const zigzag = (value: number): number => ((value << 1) ^ (value >> 31)) >>> 0;
export const unzigzag = (value: number): number => (value >>> 1) ^ -(value & 1);

/** Appends numbers to a byte buffer that grows by doubling. */
export class VarintWriter {
  private bytes = new Uint8Array(1024);
  private length = 0;

  /** @param value an integer in [0, 2³²). */
  write(value: number): void {
    if (this.length + 5 > this.bytes.length) {
      const grown = new Uint8Array(this.bytes.length * 2);
      grown.set(this.bytes);
      this.bytes = grown;
    }
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.bytes[this.length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.bytes[this.length++] = rest;
  }

  /** Appends raw bytes. */
  append(bytes: Uint8Array): void {
    const grown = new Uint8Array(this.length + bytes.length + 5);
    grown.set(this.bytes.subarray(0, this.length));
    grown.set(bytes, this.length);
    this.bytes = grown;
    this.length += bytes.length;
  }

  finish(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }
}

/** Reads the output of {@link VarintWriter}. Past the end it reads zeros, and `finished` is false. */
export class VarintReader {
  private position = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  read(): number {
    const bytes = this.bytes;
    let byte = bytes[this.position++];
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let shift = 7; shift < 35; shift += 7) {
      byte = bytes[this.position++];
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return value >>> 0;
  }

  /** @returns the bytes that were not read yet */
  rest(): Uint8Array {
    return this.bytes.subarray(this.position);
  }

  /** Whether every byte was read, and none past the end. */
  get finished(): boolean {
    return this.position === this.bytes.length;
  }
}
