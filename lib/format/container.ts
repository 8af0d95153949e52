import type { z } from 'zod';
import { firstFault, InkpickError } from '../contracts/errors';
import { FORMAT_VERSION } from '../contracts/manifest';
import type { SparseRows } from '../math/sparse';
import { unzigzag, VarintReader, VarintWriter, zigzag } from './varint';

/**
 * The container of every binary artifact, specified in docs/FORMAT.md: a 16-byte header, a table of named and typed
 * sections, then their payloads, each aligned to 8 bytes. All numbers are little-endian.
 */

const MAGIC = 0x504b4e49; // "INKP"
const HEADER_BYTES = 16;
const ENTRY_BYTES = 32;
const NAME_BYTES = 12;
const ALIGNMENT = 8;

/** Artifact types, with the number in the file’s header. */
export const ARTIFACT_TYPES = { catalog: 1, content: 2, latent: 3, hnsw: 5, neighbours: 6, itemtower: 7 } as const;
export type ArtifactType = keyof typeof ARTIFACT_TYPES;

/** Codings of sections, with their numbers in the file. `ragged`, `sets` and `lists` code sparse rows. */
const KINDS = {
  u8: 1,
  i8: 2,
  u16: 3,
  u32: 4,
  f32: 5,
  text: 6,
  strings: 7,
  varint: 8,
  deltas: 9,
  ragged: 10,
  planes: 11,
  sets: 12,
  lists: 13,
} as const;
type Kind = keyof typeof KINDS;
const KIND_NAMES = Object.fromEntries(Object.entries(KINDS).map(([name, code]) => [code, name])) as Record<
  number,
  Kind
>;

interface Section {
  kind: Kind;
  /** Element count, then the number of columns of a matrix, of values of sparse rows, or of planes. */
  shape: [number, number];
  payload: Uint8Array;
}

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength);

const align = (offset: number): number => Math.ceil(offset / ALIGNMENT) * ALIGNMENT;

/** Rejects invalid UTF-8. `ignoreBOM` keeps U+FEFF as a character. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Collects sections and writes the file. Section names are ASCII, at most 12 bytes. */
export class ContainerWriter {
  private readonly sections = new Map<string, Section>();
  private readonly type: ArtifactType;

  constructor(type: ArtifactType) {
    this.type = type;
  }

  private add(name: string, kind: Kind, shape: [number, number], payload: Uint8Array): this {
    if (!/^[\x21-\x7e]{1,12}$/.test(name) || this.sections.has(name))
      throw new RangeError(`bad section name "${name}"`);
    this.sections.set(name, { kind, shape, payload });
    return this;
  }

  /** A flat array or, with `columns` > 1, a row-major matrix. */
  array(name: string, values: Uint8Array | Int8Array | Uint16Array | Uint32Array | Float32Array, columns = 1): this {
    const kind: Kind =
      values instanceof Int8Array
        ? 'i8'
        : values instanceof Uint16Array
          ? 'u16'
          : values instanceof Uint32Array
            ? 'u32'
            : values instanceof Float32Array
              ? 'f32'
              : 'u8';
    return this.add(name, kind, [values.length / columns, columns], bytesOf(values));
  }

  /** A value that JSON can represent. */
  json(name: string, value: unknown): this {
    const payload = new TextEncoder().encode(JSON.stringify(value));
    return this.add(name, 'text', [payload.length, 1], payload);
  }

  /** Strings. Line feeds become spaces because they separate strings, and so does NUL because it pads the file. */
  strings(name: string, values: readonly string[]): this {
    const payload = new TextEncoder().encode(values.map((value) => value.replace(/[\n\0]/g, ' ')).join('\n'));
    return this.add(name, 'strings', [values.length, 1], payload);
  }

  /** Unsigned integers; small ones take fewer bytes. */
  varint(name: string, values: ArrayLike<number>): this {
    const writer = new VarintWriter();
    for (let i = 0; i < values.length; i++) writer.write(values[i]);
    return this.add(name, 'varint', [values.length, 1], writer.finish());
  }

  /** Unsigned integers below 2³¹, stored as differences from the previous one. */
  deltas(name: string, values: ArrayLike<number>): this {
    const writer = new VarintWriter();
    let previous = 0;
    for (let i = 0; i < values.length; i++) {
      writer.write(zigzag(values[i] - previous));
      previous = values[i];
    }
    return this.add(name, 'deltas', [values.length, 1], writer.finish());
  }

  /** Lists of unsigned integers below 2³¹, each in any order; ascending lists take the fewest bytes. */
  ragged(name: string, lists: SparseRows): this {
    const rows = lists.offsets.length - 1;
    const writer = new VarintWriter();
    for (let row = 0; row < rows; row++) {
      const [begin, end] = [lists.offsets[row], lists.offsets[row + 1]];
      writer.write(end - begin);
      let previous = 0;
      for (let i = begin; i < end; i++) {
        writer.write(zigzag(lists.columns[i] - previous));
        previous = lists.columns[i];
      }
    }
    return this.add(name, 'ragged', [rows, lists.offsets[rows]], writer.finish());
  }

  /** Unsigned integers by byte: first the lowest byte of each, then the second lowest of each, and so on. */
  planes(name: string, values: ArrayLike<number>): this {
    return this.add(name, 'planes', [values.length, planeCount(values)], toPlanes(values));
  }

  /** Ascending lists of distinct unsigned integers: first all lengths, then all gaps. */
  sets(name: string, lists: SparseRows): this {
    const rows = lists.offsets.length - 1;
    const writer = new VarintWriter();
    for (let row = 0; row < rows; row++) writer.write(lists.offsets[row + 1] - lists.offsets[row]);
    for (let row = 0; row < rows; row++) {
      let previous = -1;
      for (let i = lists.offsets[row]; i < lists.offsets[row + 1]; i++) {
        writer.write(lists.columns[i] - previous - 1);
        previous = lists.columns[i];
      }
    }
    return this.add(name, 'sets', [rows, lists.offsets[rows]], writer.finish());
  }

  /**
   * Lists of numbers that were assigned in order of first appearance: first all lengths, then the values in planes.
   * A new number, which is the next one in order, is stored as 0.
   *
   * @param first the lowest number that does not appear before these lists
   */
  lists(name: string, lists: SparseRows, first = 0): this {
    const rows = lists.offsets.length - 1;
    const writer = new VarintWriter();
    for (let row = 0; row < rows; row++) writer.write(lists.offsets[row + 1] - lists.offsets[row]);
    let next = first;
    const codes = lists.columns.map((value) => {
      if (value !== next) return value + 1;
      next++;
      return 0;
    });
    writer.append(toPlanes(codes));
    return this.add(name, 'lists', [rows, lists.columns.length], writer.finish());
  }

  finish(): Uint8Array<ArrayBuffer> {
    let end = align(HEADER_BYTES + ENTRY_BYTES * this.sections.size);
    const offsets: number[] = [];
    for (const { payload } of this.sections.values()) {
      offsets.push(end);
      end = align(end + payload.length);
    }
    const file = new Uint8Array(end);
    const view = new DataView(file.buffer);
    view.setUint32(0, MAGIC, true);
    view.setUint16(4, FORMAT_VERSION, true);
    view.setUint16(6, ARTIFACT_TYPES[this.type], true);
    view.setUint32(8, end, true);
    view.setUint32(12, this.sections.size, true);
    let index = 0;
    for (const [name, { kind, shape, payload }] of this.sections) {
      const entry = HEADER_BYTES + ENTRY_BYTES * index;
      file.set(new TextEncoder().encode(name), entry);
      view.setUint8(entry + NAME_BYTES, KINDS[kind]);
      view.setUint32(entry + 16, shape[0], true);
      view.setUint32(entry + 20, shape[1], true);
      view.setUint32(entry + 24, offsets[index], true);
      view.setUint32(entry + 28, payload.length, true);
      file.set(payload, offsets[index]);
      index++;
    }
    return file;
  }
}

/**
 * Reads one artifact. Typed arrays are views of the file, not copies.
 *
 * Throws an `InkpickError` for a bad file: `ARTIFACT_EMPTY`, `ARTIFACT_FOREIGN` (no Inkpick artifact, or of another
 * type), `ARTIFACT_FUTURE`, `ARTIFACT_TRUNCATED`, or `ARTIFACT_MALFORMED` (inconsistent, or of an earlier version).
 */
export class ContainerReader {
  private readonly sections = new Map<string, Section>();
  private readonly label: string;

  constructor(file: Uint8Array, type: ArtifactType, label: string = type) {
    this.label = label;
    if (file.length === 0) throw new InkpickError('ARTIFACT_EMPTY', `${label} is empty (0 bytes)`);
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    if (file.subarray(0, 4).some((byte, i) => byte !== ((MAGIC >>> (8 * i)) & 0xff))) {
      throw new InkpickError('ARTIFACT_FOREIGN', `${label} is not an Inkpick artifact: it does not begin with "INKP"`);
    }
    if (file.length < HEADER_BYTES) {
      throw new InkpickError('ARTIFACT_TRUNCATED', `${label} is cut short: ${file.length} bytes do not hold a header`);
    }
    checkFormatVersion(view.getUint16(4, true), label);
    const found = view.getUint16(6, true);
    if (found !== ARTIFACT_TYPES[type]) {
      const name = Object.entries(ARTIFACT_TYPES).find(([, code]) => code === found)?.[0] ?? `type ${found}`;
      throw new InkpickError('ARTIFACT_FOREIGN', `${label} holds ${name}, where ${type} was expected`);
    }
    const length = view.getUint32(8, true);
    if (file.length < length) {
      throw new InkpickError('ARTIFACT_TRUNCATED', `${label} is cut short: ${file.length} of ${length} bytes`);
    }
    if (file.length > length) throw this.malformed(`${file.length - length} bytes follow its end`);
    const count = view.getUint32(12, true);
    if (HEADER_BYTES + count * ENTRY_BYTES > length) throw this.malformed(`a table of ${count} sections does not fit`);
    const ascii = new TextDecoder();
    // Sections follow each other in the order of the table, padded with zeros. Rejecting anything else detects a table
    // with wrong offsets or lengths.
    let expected = align(HEADER_BYTES + ENTRY_BYTES * count);
    for (let index = 0; index < count; index++) {
      const entry = HEADER_BYTES + ENTRY_BYTES * index;
      const name = ascii.decode(file.subarray(entry, entry + NAME_BYTES)).replace(/\0+$/, '');
      const kind = KIND_NAMES[view.getUint8(entry + NAME_BYTES)];
      const offset = view.getUint32(entry + 24, true);
      const bytes = view.getUint32(entry + 28, true);
      const end = offset + bytes;
      if (!kind || offset !== expected || end > length) throw this.malformed(`section "${name}" is out of bounds`);
      expected = align(end);
      if (file.subarray(end, expected).some((byte) => byte !== 0))
        throw this.malformed(`section "${name}" goes on past its end`);
      const shape: [number, number] = [view.getUint32(entry + 16, true), view.getUint32(entry + 20, true)];
      this.sections.set(name, { kind, shape, payload: file.subarray(offset, end) });
    }
    if (expected !== length) throw this.malformed('its sections do not end where it does');
  }

  /** @returns the error for an inconsistent file */
  malformed(what: string): InkpickError {
    return new InkpickError('ARTIFACT_MALFORMED', `${this.label} is inconsistent: ${what}`);
  }

  private section(name: string, kind: Kind): Section {
    const section = this.sections.get(name);
    if (!section) throw this.malformed(`section "${name}" is missing`);
    if (section.kind !== kind) throw this.malformed(`section "${name}" is ${section.kind}, where ${kind} was expected`);
    return section;
  }

  /** @returns [elements, columns] of a section */
  shape(name: string): [number, number] {
    const section = this.sections.get(name);
    if (!section) throw this.malformed(`section "${name}" is missing`);
    return section.shape;
  }

  private numbers<T>(
    name: string,
    kind: Kind,
    make: (buffer: ArrayBuffer, offset: number, length: number) => T,
    size: number,
  ): T {
    const { payload, shape } = this.section(name, kind);
    const length = shape[0] * shape[1];
    if (length * size !== payload.length) throw this.malformed(`section "${name}" does not have the size of its shape`);
    // A view needs an aligned address, but the file may start anywhere in a larger buffer.
    if (payload.byteOffset % size === 0) return make(payload.buffer as ArrayBuffer, payload.byteOffset, length);
    return make(new Uint8Array(payload).buffer, 0, length);
  }

  u8(name: string): Uint8Array {
    return this.numbers(name, 'u8', (buffer, offset, length) => new Uint8Array(buffer, offset, length), 1);
  }
  i8(name: string): Int8Array {
    return this.numbers(name, 'i8', (buffer, offset, length) => new Int8Array(buffer, offset, length), 1);
  }
  u16(name: string): Uint16Array {
    return this.numbers(name, 'u16', (buffer, offset, length) => new Uint16Array(buffer, offset, length), 2);
  }
  u32(name: string): Uint32Array {
    return this.numbers(name, 'u32', (buffer, offset, length) => new Uint32Array(buffer, offset, length), 4);
  }
  f32(name: string): Float32Array {
    return this.numbers(name, 'f32', (buffer, offset, length) => new Float32Array(buffer, offset, length), 4);
  }

  private text(name: string, payload: Uint8Array): string {
    try {
      return UTF8.decode(payload);
    } catch {
      throw this.malformed(`section "${name}" is not UTF-8`);
    }
  }

  /** @returns the JSON value, validated by the schema */
  json<T>(name: string, schema: z.ZodType<T>): T {
    const { payload, shape } = this.section(name, 'text');
    if (shape[0] !== payload.length) throw this.malformed(`section "${name}" does not have the size of its shape`);
    let value: unknown;
    try {
      value = JSON.parse(this.text(name, payload));
    } catch {
      throw this.malformed(`section "${name}" is not JSON`);
    }
    const parsed = schema.safeParse(value);
    if (!parsed.success) throw this.malformed(`section "${name}": ${firstFault(parsed.error)}`);
    return parsed.data;
  }

  strings(name: string): string[] {
    const { payload, shape } = this.section(name, 'strings');
    if (shape[0] === 0 && payload.length === 0) return [];
    if (payload[payload.length - 1] === 0) throw this.malformed(`section "${name}" goes on past its end`);
    const values = this.text(name, payload).split('\n');
    if (values.length !== shape[0])
      throw this.malformed(`section "${name}" holds ${values.length} strings, not ${shape[0]}`);
    return values;
  }

  varint(name: string): Uint32Array {
    const { payload, shape } = this.counted(name, 'varint');
    const reader = new VarintReader(payload);
    const values = new Uint32Array(shape[0]);
    for (let i = 0; i < values.length; i++) values[i] = reader.read();
    if (!reader.finished) throw this.malformed(`section "${name}" does not have the size of its shape`);
    return values;
  }

  /** @param limit exclusive upper bound of the numbers */
  deltas(name: string, limit = 2 ** 31): Uint32Array {
    const { payload, shape } = this.counted(name, 'deltas');
    const reader = new VarintReader(payload);
    const values = new Uint32Array(shape[0]);
    let previous = 0;
    for (let i = 0; i < values.length; i++) {
      previous += unzigzag(reader.read());
      if (!(previous >= 0 && previous < limit))
        throw this.malformed(`section "${name}" holds ${previous}, where ${limit} is too much`);
      values[i] = previous;
    }
    if (!reader.finished) throw this.malformed(`section "${name}" does not have the size of its shape`);
    return values;
  }

  /** @param limit exclusive upper bound of the numbers */
  ragged(name: string, limit = 2 ** 31): SparseRows {
    const { payload, shape } = this.section(name, 'ragged');
    const [rows, count] = shape;
    // Each length and each value takes at least one byte: a wrong shape cannot cause a large allocation.
    if (rows + count > payload.length) throw this.malformed(`section "${name}" is shorter than its shape`);
    const reader = new VarintReader(payload);
    const offsets = new Uint32Array(rows + 1);
    const columns = new Uint32Array(count);
    let position = 0;
    for (let row = 0; row < rows; row++) {
      const length = reader.read();
      if (length > count - position) throw this.malformed(`section "${name}" holds more values than its shape`);
      let previous = 0;
      for (let i = 0; i < length; i++) {
        previous += unzigzag(reader.read());
        if (!(previous >= 0 && previous < limit))
          throw this.malformed(`section "${name}" holds ${previous}, where ${limit} is too much`);
        columns[position++] = previous;
      }
      offsets[row + 1] = position;
    }
    if (!reader.finished || position !== count)
      throw this.malformed(`section "${name}" does not have the size of its shape`);
    return { offsets, columns };
  }

  planes(name: string): Uint32Array {
    const { payload, shape } = this.section(name, 'planes');
    const [count, planes] = shape;
    if (planes < 1 || planes > 4 || count * planes !== payload.length)
      throw this.malformed(`section "${name}" does not have the size of its shape`);
    return fromPlanes(payload, count, planes);
  }

  /** @param limit exclusive upper bound of the numbers */
  sets(name: string, limit = 2 ** 31): SparseRows {
    const { reader, offsets, count } = this.lengths(name, 'sets');
    const columns = new Uint32Array(count);
    for (let row = 0; row + 1 < offsets.length; row++) {
      let previous = -1;
      for (let i = offsets[row]; i < offsets[row + 1]; i++) {
        previous += reader.read() + 1;
        if (previous >= limit) throw this.malformed(`section "${name}" holds ${previous}, where ${limit} is too much`);
        columns[i] = previous;
      }
    }
    if (!reader.finished) throw this.malformed(`section "${name}" does not have the size of its shape`);
    return { offsets, columns };
  }

  /**
   * @param limit exclusive upper bound of the numbers
   * @param first as passed to {@link ContainerWriter.lists}
   */
  lists(name: string, limit: number, first = 0): SparseRows {
    const { reader, offsets, count } = this.lengths(name, 'lists');
    const rest = reader.rest();
    const planes = count > 0 ? rest.length / count : 1;
    if (!Number.isInteger(planes) || planes < 1 || planes > 4 || count * planes !== rest.length)
      throw this.malformed(`section "${name}" does not have the size of its shape`);
    const columns = fromPlanes(rest, count, planes);
    let next = first;
    for (let i = 0; i < count; i++) {
      const value = columns[i] === 0 ? next++ : columns[i] - 1;
      if (value >= limit) throw this.malformed(`section "${name}" holds ${value}, where ${limit} is too much`);
      columns[i] = value;
    }
    return { offsets, columns };
  }

  /** Reads the lengths at the start of a section of lists. @returns them as offsets, and a reader of the remainder */
  private lengths(name: string, kind: Kind): { reader: VarintReader; offsets: Uint32Array; count: number } {
    const { payload, shape } = this.section(name, kind);
    const [rows, count] = shape;
    // Each length and each value takes at least one byte: a wrong shape cannot cause a large allocation.
    if (rows + count > payload.length) throw this.malformed(`section "${name}" is shorter than its shape`);
    const reader = new VarintReader(payload);
    const offsets = new Uint32Array(rows + 1);
    for (let row = 0; row < rows; row++) {
      const length = reader.read();
      if (length > count - offsets[row]) throw this.malformed(`section "${name}" holds more values than its shape`);
      offsets[row + 1] = offsets[row] + length;
    }
    if (offsets[rows] !== count) throw this.malformed(`section "${name}" does not have the size of its shape`);
    return { reader, offsets, count };
  }

  private counted(name: string, kind: Kind): Section {
    const section = this.section(name, kind);
    if (section.shape[0] > section.payload.length) throw this.malformed(`section "${name}" is shorter than its shape`);
    return section;
  }
}

/**
 * Accepts only this reader's format version.
 *
 * @throws ARTIFACT_FUTURE for a later version, ARTIFACT_MALFORMED for an earlier one
 */
export function checkFormatVersion(version: number, label: string): void {
  if (version === FORMAT_VERSION) return;
  const versions = `${label} has format version ${version}; this reader knows version ${FORMAT_VERSION}`;
  if (version > FORMAT_VERSION) throw new InkpickError('ARTIFACT_FUTURE', versions);
  throw new InkpickError('ARTIFACT_MALFORMED', `${versions}: build the artifacts again`);
}

/** @returns number of bytes of the largest value, at least 1 */
function planeCount(values: ArrayLike<number>): number {
  let highest = 0;
  for (let i = 0; i < values.length; i++) highest = Math.max(highest, values[i]);
  return Math.max(1, Math.ceil((32 - Math.clz32(highest)) / 8));
}

function toPlanes(values: ArrayLike<number>): Uint8Array {
  const planes = planeCount(values);
  const bytes = new Uint8Array(planes * values.length);
  for (let plane = 0; plane < planes; plane++)
    for (let i = 0; i < values.length; i++) bytes[plane * values.length + i] = values[i] >>> (8 * plane);
  return bytes;
}

function fromPlanes(bytes: Uint8Array, count: number, planes: number): Uint32Array {
  const values = new Uint32Array(count);
  for (let plane = 0; plane < planes; plane++)
    for (let i = 0; i < count; i++) values[i] |= bytes[plane * count + i] << (8 * plane);
  return values;
}
