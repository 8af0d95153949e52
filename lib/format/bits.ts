/** Packed unsigned integers of up to 24 bits, low bits first. */

export const MAX_BITS = 24;

/** Appends bit fields to a byte buffer that grows by doubling. */
export class BitWriter {
  private bytes = new Uint8Array(1024);
  private length = 0;
  private window = 0;
  private bitCount = 0;

  /**
   * @param value an integer in [0, 2^width)
   * @param width number of bits, at most {@link MAX_BITS}
   */
  write(value: number, width: number): void {
    this.window |= value << this.bitCount;
    this.bitCount += width;
    while (this.bitCount >= 8) this.push();
  }

  /** @returns the bytes; the last one is padded with zeros */
  finish(): Uint8Array {
    if (this.bitCount > 0) this.push();
    return this.bytes.slice(0, this.length);
  }

  private push(): void {
    if (this.length === this.bytes.length) {
      const grown = new Uint8Array(this.bytes.length * 2);
      grown.set(this.bytes);
      this.bytes = grown;
    }
    this.bytes[this.length++] = this.window & 0xff;
    this.window >>>= 8;
    this.bitCount = Math.max(0, this.bitCount - 8);
  }
}

/** Reads the output of {@link BitWriter}. Past the end it reads zeros, and `finished` is false. */
export class BitReader {
  private position = 0;
  private window = 0;
  private bitCount = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** @param width number of bits, at most {@link MAX_BITS} */
  read(width: number): number {
    while (this.bitCount < width) {
      this.window |= this.bytes[this.position++] << this.bitCount;
      this.bitCount += 8;
    }
    const value = this.window & ((1 << width) - 1);
    this.window >>>= width;
    this.bitCount -= width;
    return value;
  }

  /** Whether every byte was read, none past the end, and the padding of the last one is zero. */
  get finished(): boolean {
    return this.position === this.bytes.length && this.window === 0;
  }
}
