type NumberArray = Uint32Array | Float32Array | Float64Array;

/** A typed array that grows. A plain array of the same numbers takes several times the memory. */
export class GrowingArray<A extends NumberArray> {
  private readonly type: new (
    length: number,
  ) => A;
  private array: A;
  private length = 0;

  constructor(type: new (length: number) => A) {
    this.type = type;
    this.array = new type(1024);
  }

  push(value: number): void {
    if (this.length === this.array.length) {
      const larger = new this.type(2 * this.length);
      larger.set(this.array);
      this.array = larger;
    }
    this.array[this.length++] = value;
  }

  /** The pushed values in an array of exactly their number. */
  toArray(): A {
    return this.array.slice(0, this.length) as A;
  }
}
