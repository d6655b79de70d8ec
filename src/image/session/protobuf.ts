/**
 * The part of the protobuf wire format that BuildKit's session and trace use: varints and
 * length-delimited fields. There are few kinds of messages, so each caller names its field numbers
 * itself.
 */

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** Field number to value; `null` and empty values are omitted, as in proto3. */
export type Fields = readonly (readonly [
  field: number,
  value: string | Uint8Array | number | bigint | null,
])[];

export function encodeMessage(fields: Fields): Buffer {
  const parts: Uint8Array[] = [];
  for (const [field, value] of fields) {
    if (value === null) continue;
    if (typeof value === 'number' || typeof value === 'bigint') {
      if (BigInt(value) !== 0n) parts.push(varint(field * 8 + VARINT), varint(value));
      continue;
    }
    const bytes = typeof value === 'string' ? Buffer.from(value) : value;
    if (bytes.length > 0) parts.push(varint(field * 8 + LENGTH_DELIMITED), varint(bytes.length), bytes);
  }
  return Buffer.concat(parts);
}

/** A decoded message. An absent field has its zero value, as in proto3. */
export class Message {
  readonly #values = new Map<number, (bigint | Buffer)[]>();

  /** Throws a RangeError when the bytes are not a message. */
  constructor(bytes: Buffer) {
    let at = 0;
    const readVarint = (): bigint => {
      let value = 0n;
      for (let shift = 0n; shift < 70n; shift += 7n) {
        const byte = bytes.readUInt8(at++);
        value |= BigInt(byte & 0x7f) << shift;
        if (byte < 0x80) return value;
      }
      throw new RangeError('A varint of more than ten bytes.');
    };
    const readBytes = (length: number): Buffer => {
      if (at + length > bytes.length) throw new RangeError('A field that ends after its message.');
      at += length;
      return bytes.subarray(at - length, at);
    };
    while (at < bytes.length) {
      const key = Number(readVarint());
      const kind = key & 7;
      let value: bigint | Buffer;
      if (kind === VARINT) value = readVarint();
      else if (kind === LENGTH_DELIMITED) value = readBytes(Number(readVarint()));
      else if (kind === FIXED64) value = readBytes(8);
      else if (kind === FIXED32) value = readBytes(4);
      else throw new RangeError(`Unknown protobuf wire type ${kind}.`);
      const field = key >>> 3;
      const values = this.#values.get(field);
      if (values) values.push(value);
      else this.#values.set(field, [value]);
    }
  }

  number(field: number): number {
    const value = this.#values.get(field)?.at(-1);
    return typeof value === 'bigint' ? Number(value) : 0;
  }

  bytes(field: number): Buffer {
    const value = this.#values.get(field)?.at(-1);
    return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
  }

  string(field: number): string {
    return this.bytes(field).toString();
  }

  /** `null` when the field is absent. */
  message(field: number): Message | null {
    return this.#values.has(field) ? new Message(this.bytes(field)) : null;
  }

  messages(field: number): Message[] {
    return (this.#values.get(field) ?? [])
      .filter((value) => Buffer.isBuffer(value))
      .map((bytes) => new Message(bytes));
  }
}

function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  if (typeof value === 'number' && value >= 0 && value < 0x8000_0000) {
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
    bytes.push(rest);
  } else {
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    bytes.push(Number(rest));
  }
  return Buffer.from(bytes);
}
