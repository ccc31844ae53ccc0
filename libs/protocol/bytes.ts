/** Plain byte work without any platform API, shared by server, SDK and vectors. */

const BASE64URL = /^[A-Za-z0-9_-]*$/;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1) if (left[index] !== right[index]) return false;
  return true;
}

/** Orders byte strings as unsigned numbers from the left; canonical order of every signed set. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A domain-separation prefix: ASCII text and a zero byte. */
export function domain(text: string): Uint8Array {
  return new TextEncoder().encode(`${text}\0`);
}

/** RFC 4648 section 5, without padding. */
export function toBase64url(bytes: Uint8Array): string {
  let text = '';
  for (let index = 0; index < bytes.length; index += 3) {
    const left = bytes.length - index;
    const word = ((bytes[index] ?? 0) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0);
    text += (ALPHABET[word >> 18] ?? '') + (ALPHABET[(word >> 12) & 63] ?? '');
    if (left > 1) text += ALPHABET[(word >> 6) & 63] ?? '';
    if (left > 2) text += ALPHABET[word & 63] ?? '';
  }
  return text;
}

/** Undefined unless the text is the one canonical, unpadded form. */
export function fromBase64url(text: string): Uint8Array | undefined {
  if (!BASE64URL.test(text) || text.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of text) {
    bits = ((bits << 6) | ALPHABET.indexOf(letter)) & 0xff_ff_ff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[at] = (bits >> held) & 0xff;
      at += 1;
    }
  }
  return toBase64url(bytes) === text ? bytes : undefined;
}

/** Writes fixed-width, big-endian fields: the layout of everything that is signed. */
export class ByteWriter {
  private readonly parts: Uint8Array[] = [];

  bytes(part: Uint8Array, length: number): this {
    if (part.length !== length) throw new RangeError(`a field of ${String(length)} bytes got ${String(part.length)}`);
    this.parts.push(part);
    return this;
  }

  raw(part: Uint8Array): this {
    this.parts.push(part);
    return this;
  }

  uint(value: number, width: 1 | 2 | 4): this {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * width))
      throw new RangeError(`not a uint: ${String(value)}`);
    const part = new Uint8Array(width);
    for (let index = 0; index < width; index += 1)
      part[index] = Math.floor(value / 2 ** (8 * (width - 1 - index))) % 256;
    this.parts.push(part);
    return this;
  }

  done(): Uint8Array {
    return concatBytes(...this.parts);
  }
}

/** The reverse of ByteWriter. Reading past the end sets `overrun` and yields zeros, so a parser checks once at the end. */
export class ByteReader {
  overrun = false;
  private at = 0;

  constructor(private readonly source: Uint8Array) {}

  get atEnd(): boolean {
    return this.at === this.source.length;
  }

  bytes(length: number): Uint8Array {
    if (this.at + length > this.source.length) {
      this.overrun = true;
      return new Uint8Array(length);
    }
    this.at += length;
    return this.source.subarray(this.at - length, this.at);
  }

  uint(width: 1 | 2 | 4): number {
    let value = 0;
    for (const byte of this.bytes(width)) value = value * 256 + byte;
    return value;
  }
}
