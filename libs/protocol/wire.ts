/** The two operations every generated message offers; the rest of the generated code is not used. */
interface Codec<Properties, Message> {
  encode(message: Properties): { finish(): Uint8Array };
  decode(bytes: Uint8Array): Message;
}

/** Which fields of a message are messages, by number, and what those are. */
export interface Shape {
  readonly [field: number]: Shape;
}

/** At most so many fields in all of a message and the messages in it. */
export interface Bounds {
  readonly shape: Shape;
  readonly fields: number;
}

export function encodeWire<Properties, Message>(codec: Codec<Properties, Message>, message: Properties): Uint8Array {
  return codec.encode(message).finish();
}

/**
 * Undefined for bytes that are no protobuf of this message, or exceed the bounds; what they mean is checked by the caller. Decoding makes
 * an object of every field, and a mebibyte can hold half a million empty ones: what comes from outside is counted before.
 */
export function decodeWire<Properties, Message>(
  codec: Codec<Properties, Message>,
  bytes: Uint8Array,
  bounds?: Bounds,
): Message | undefined {
  if (bounds !== undefined && !fits(bytes, bounds)) return undefined;
  try {
    return codec.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Whether the bytes are fields, at most as many as the bounds say; makes no object, and ends with the first that is one too many. */
export function fits(bytes: Uint8Array, { shape, fields }: Bounds): boolean {
  return new FieldCounter(bytes, fields).count(shape, bytes.length);
}

const LONGEST_VARINT = 10;

/** Walks over fields (protobuf "Encoding"): a tag, then a varint, 8 bytes, a length with as many bytes, or 4 bytes. */
class FieldCounter {
  private at = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private left: number,
  ) {}

  /** False when it is malformed, or more than there may be. */
  count(shape: Shape, end: number): boolean {
    while (this.at < end) {
      if (this.left === 0) return false;
      this.left -= 1;
      const tag = this.varint(end);
      if (tag === undefined || !this.pass(tag & 7, { inner: shape[tag >>> 3], end })) return false;
    }
    return true;
  }

  private pass(type: number, { inner, end }: { readonly inner: Shape | undefined; readonly end: number }): boolean {
    switch (type) {
      case 0:
        return this.varint(end) !== undefined;
      case 1:
        return this.skip(8, end);
      case 2: {
        const length = this.varint(end);
        if (length === undefined || this.at + length > end) return false;
        return inner === undefined ? this.skip(length, end) : this.count(inner, this.at + length);
      }
      // A group's begin and end: what is between counts as if it stood here.
      case 3:
      case 4:
        return true;
      case 5:
        return this.skip(4, end);
      default:
        return false;
    }
  }

  private skip(length: number, end: number): boolean {
    this.at += length;
    return this.at <= end;
  }

  /** Its low 32 bits, which is all that tags and lengths have. */
  private varint(end: number): number | undefined {
    let value = 0;
    for (let index = 0; index < LONGEST_VARINT && this.at < end; index += 1) {
      const byte = this.bytes[this.at] ?? 0;
      this.at += 1;
      if (index < 5) value |= (byte & 0x7f) << (7 * index);
      if (byte < 0x80) return value >>> 0;
    }
    return undefined;
  }
}
