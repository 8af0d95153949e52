import { PbfReader } from 'pbf';
import { InkpickError } from '../contracts/errors';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Wire types of protobuf: integers, and fields with a length. */
const VARINT = 0;
const BYTES = 2;

/**
 * One protobuf message of an ONNX file. The constructor checks that its fields lie inside it. Nested messages are
 * parsed on access, so that deep nesting in a damaged file cannot overflow the stack.
 *
 * Every method throws an `InkpickError` if the field is missing, repeated or of another type.
 */
export class Message<Name extends string> {
  private readonly values = new Map<string, (number | Uint8Array)[]>();
  private readonly what: string;
  private readonly label: string;
  /** Whether it is the whole file: then missing fields mean that the file is truncated. */
  private readonly isFile: boolean;

  constructor(bytes: Uint8Array, fields: Record<Name, number>, what: string, label: string, isFile = false) {
    this.what = what;
    this.label = label;
    this.isFile = isFile;
    const names = new Map(Object.entries<number>(fields).map(([name, number]) => [number, name]));
    const reader = new PbfReader(bytes);
    while (reader.pos < bytes.length) {
      const number = this.inside(reader, () => reader.nextField());
      const name = names.get(number);
      if (name === undefined) throw this.fault(`it has an unknown field ${number}`);
      const { type } = reader;
      if (type !== VARINT && type !== BYTES) throw this.fault(`its ${name} is of the wire type ${type}`);
      const value = this.inside(reader, () => (type === VARINT ? reader.readVarint() : reader.readBytes()));
      const values = this.values.get(name);
      if (values) values.push(value);
      else this.values.set(name, [value]);
    }
  }

  /** Runs `read` and checks that it stayed inside the bytes, which the reader does not check. */
  private inside<T>(reader: PbfReader, read: () => T): T {
    let value: T | undefined;
    try {
      value = read();
    } catch {
      // The number did not end. The check below decides whether bytes are missing or the number is too long.
    }
    if (reader.pos > reader.length)
      throw this.isFile
        ? this.cutShort(`it ends at ${reader.length} bytes, inside a field`)
        : this.fault('it overruns');
    if (value === undefined) throw this.fault('it has a number of more than 64 bits');
    return value;
  }

  fault(what: string): InkpickError {
    return new InkpickError(
      'ARTIFACT_MALFORMED',
      `${this.label} is not a network of Inkpick: in ${this.what}, ${what}`,
    );
  }

  private cutShort(what: string): InkpickError {
    return new InkpickError('ARTIFACT_TRUNCATED', `${this.label} is cut short: ${what}`);
  }

  /** @returns number of values of a field */
  count(name: Name): number {
    return this.values.get(name)?.length ?? 0;
  }

  private one(name: Name): number | Uint8Array {
    const values = this.values.get(name) ?? [];
    if (values.length === 0 && this.isFile) throw this.cutShort(`it has no ${name}`);
    if (values.length !== 1) throw this.fault(`there are ${values.length} of ${name}, where one was expected`);
    return values[0];
  }

  private asNumber(name: Name, value: number | Uint8Array): number {
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw this.fault(`its ${name} is not an integer`);
    return value;
  }

  private asBytes(name: Name, value: number | Uint8Array): Uint8Array {
    if (typeof value === 'number') throw this.fault(`its ${name} is a number`);
    return value;
  }

  private asText(name: Name, value: number | Uint8Array): string {
    try {
      return UTF8.decode(this.asBytes(name, value));
    } catch (cause) {
      throw cause instanceof InkpickError ? cause : this.fault(`its ${name} is not UTF-8`);
    }
  }

  number(name: Name): number {
    return this.asNumber(name, this.one(name));
  }
  numbers(name: Name): number[] {
    return (this.values.get(name) ?? []).map((value) => this.asNumber(name, value));
  }
  bytes(name: Name): Uint8Array {
    return this.asBytes(name, this.one(name));
  }
  text(name: Name): string {
    return this.asText(name, this.one(name));
  }
  texts(name: Name): string[] {
    return (this.values.get(name) ?? []).map((value) => this.asText(name, value));
  }

  /** @param what names the nested message in errors */
  message<Inner extends string>(name: Name, fields: Record<Inner, number>, what: string): Message<Inner> {
    return new Message(this.bytes(name), fields, what, this.label);
  }
  messages<Inner extends string>(name: Name, fields: Record<Inner, number>, what: string): Message<Inner>[] {
    return (this.values.get(name) ?? []).map(
      (value, i) => new Message(this.asBytes(name, value), fields, `${what} ${i}`, this.label),
    );
  }

  /** Accepts only the version `known`. @throws ARTIFACT_FUTURE, ARTIFACT_MALFORMED */
  version(name: Name, known: number, what: string): void {
    const found = this.number(name);
    if (found > known)
      throw new InkpickError(
        'ARTIFACT_FUTURE',
        `${this.label} is written for ONNX ${what} ${found}; this reader knows ${known}`,
      );
    if (found !== known) throw this.fault(`the ${what} is ${found}, where ${known} was expected`);
  }
}
