/** Unsigned integers of any width up to 24 bits one after the other, low bits first, without gaps between them. */

export const MOST_BITS = 24;

/** Appends bit fields to a byte buffer that grows by doubling. */
export class BitWriter {
  private bytes = new Uint8Array(1024);
  private length = 0;
  private window = 0;
  private held = 0;

  /** @param value an integer in [0, 2^width); @param width at most {@link MOST_BITS} */
  write(value: number, width: number): void {
    this.window |= value << this.held;
    this.held += width;
    while (this.held >= 8) this.push();
  }

  /** The last byte is filled up with zeros. */
  finish(): Uint8Array {
    if (this.held > 0) this.push();
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
    this.held = Math.max(0, this.held - 8);
  }
}

/** Reads what {@link BitWriter} wrote. Past the end it reads zeros, and is not `finished`. */
export class BitReader {
  private position = 0;
  private window = 0;
  private held = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** @param width at most {@link MOST_BITS} */
  read(width: number): number {
    while (this.held < width) {
      this.window |= this.bytes[this.position++] << this.held;
      this.held += 8;
    }
    const value = this.window & ((1 << width) - 1);
    this.window >>>= width;
    this.held -= width;
    return value;
  }

  /** True when every byte has been read, none past the end was asked for, and what fills up the last one is zero. */
  get finished(): boolean {
    return this.position === this.bytes.length && this.window === 0;
  }
}
