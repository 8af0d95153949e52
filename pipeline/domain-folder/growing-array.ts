type NumberArray = Uint32Array | Float32Array | Float64Array;

/** A typed array that grows as it is filled: a plain one of the same numbers takes several times the room. */
export class GrowingArray<A extends NumberArray> {
  readonly #make: new (
    length: number,
  ) => A;
  #array: A;
  #length = 0;

  constructor(make: new (length: number) => A) {
    this.#make = make;
    this.#array = new make(1024);
  }

  push(value: number): void {
    if (this.#length === this.#array.length) {
      const larger = new this.#make(2 * this.#length);
      larger.set(this.#array);
      this.#array = larger;
    }
    this.#array[this.#length++] = value;
  }

  /** What was pushed, in an array of just that length. */
  toArray(): A {
    return this.#array.slice(0, this.#length) as A;
  }
}
