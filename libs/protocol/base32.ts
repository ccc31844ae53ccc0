/** Crockford's letters: no I, L, O, U. Big-endian, five bits a letter. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Of a length that is a multiple of five bytes. */
export function toBase32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0xfff;
    for (held += 8; held >= 5; held -= 5) text += LETTERS[(bits >> (held - 5)) & 31] ?? '';
  }
  return text;
}

/** Undefined for letters that are none. */
export function fromBase32(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array((text.length * 5) / 8);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of text) {
    const value = LETTERS.indexOf(letter);
    if (value === -1) return undefined;
    bits = ((bits << 5) | value) & 0xfff;
    held += 5;
    if (held < 8) continue;
    held -= 8;
    bytes[at] = (bits >> held) & 0xff;
    at += 1;
  }
  return bytes;
}
