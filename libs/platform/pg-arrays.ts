/**
 * PostgreSQL arrays in binary format (one dimension): `pg` sends a Buffer parameter as binary as it is, where it would write
 * an array of Buffers as hexadecimal text. In an answer one array costs as much as one column of one row. Layout: dimensions:4 has_null:4 element_oid:4 length:4 lower_bound:4, then length:4 value each.
 */
const OID = { int2: 21, int4: 23, int8: 20, uuid: 2950, bytea: 17 } as const;
const HEADER = 20;

export function int2Array(values: readonly number[]): Buffer {
  return fixed(values, { oid: OID.int2, width: 2 }, (buffer, value, at) => buffer.writeInt16BE(value, at));
}

export function int4Array(values: readonly number[]): Buffer {
  return fixed(values, { oid: OID.int4, width: 4 }, (buffer, value, at) => buffer.writeInt32BE(value, at));
}

/** Numbers must be safe integers. */
export function int8Array(values: readonly number[]): Buffer {
  return fixed(values, { oid: OID.int8, width: 8 }, (buffer, value, at) => {
    const high = Math.floor(value / 4_294_967_296);
    buffer.writeInt32BE(high, at);
    return buffer.writeUInt32BE(value - high * 4_294_967_296, at + 4);
  });
}

/** Eight bytes each, read by PostgreSQL as one big-endian int8: for random ids, which do not fit a JavaScript number. */
export function int8BytesArray(values: readonly Uint8Array[]): Buffer {
  return variable(values, OID.int8);
}

/** Sixteen bytes each. */
export function uuidArray(values: readonly Uint8Array[]): Buffer {
  return variable(values, OID.uuid);
}

export function byteaArray(values: readonly Uint8Array[]): Buffer {
  return variable(values, OID.bytea);
}

/** The elements of an int2[] as PostgreSQL answers in binary. */
export function int2sIn(array: Buffer): number[] {
  const values = new Array<number>(lengthOf(array));
  for (let index = 0, at = HEADER + 4; index < values.length; index += 1, at += 6)
    values[index] = array.readInt16BE(at);
  return values;
}

/** Every one of ours is a safe integer. */
export function int8sIn(array: Buffer): number[] {
  const values = new Array<number>(lengthOf(array));
  for (let index = 0, at = HEADER + 4; index < values.length; index += 1, at += 12)
    values[index] = array.readInt32BE(at) * 4_294_967_296 + array.readUInt32BE(at + 4);
  return values;
}

/** Of any type, each element's bytes: parts of the array's own buffer, which lives as long as one of them. */
export function bytesIn(array: Buffer): (Buffer | null)[] {
  const values = new Array<Buffer | null>(lengthOf(array));
  let at = HEADER;
  for (let index = 0; index < values.length; index += 1) {
    const length = array.readInt32BE(at);
    at += 4;
    values[index] = length === -1 ? null : array.subarray(at, at + length);
    at += Math.max(length, 0);
  }
  return values;
}

/** An array without elements has no dimensions, and so no length. */
function lengthOf(array: Buffer): number {
  return array.readInt32BE(0) === 0 ? 0 : array.readInt32BE(12);
}

function fixed(
  values: readonly number[],
  type: { oid: number; width: number },
  write: (buffer: Buffer, value: number, at: number) => number,
): Buffer {
  const buffer = Buffer.allocUnsafe(HEADER + values.length * (4 + type.width));
  let at = header(buffer, type.oid, values.length);
  for (const value of values) {
    at = buffer.writeInt32BE(type.width, at);
    write(buffer, value, at);
    at += type.width;
  }
  return buffer;
}

function variable(values: readonly Uint8Array[], oid: number): Buffer {
  let bytes = 0;
  for (const value of values) bytes += 4 + value.length;
  const buffer = Buffer.allocUnsafe(HEADER + bytes);
  let at = header(buffer, oid, values.length);
  for (const value of values) {
    at = buffer.writeInt32BE(value.length, at);
    buffer.set(value, at);
    at += value.length;
  }
  return buffer;
}

function header(buffer: Buffer, oid: number, length: number): number {
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(0, 4);
  buffer.writeInt32BE(oid, 8);
  buffer.writeInt32BE(length, 12);
  return buffer.writeInt32BE(1, 16);
}
