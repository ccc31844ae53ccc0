/**
 * Padding of content before encryption: 0x80, then zeros (ISO/IEC 7816-4) up to 256 bytes, then to the next power of two, so that the
 * length of a ciphertext tells a bucket and not a word. The last bucket is what still fits an envelope of 64 KiB after encryption.
 */
const SMALLEST = 256;
const LARGEST = 60 * 1024;

/** Undefined when the content is too large for an envelope: it belongs into an attachment. */
export function pad(content: Uint8Array): Uint8Array | undefined {
  const needed = content.length + 1;
  if (needed > LARGEST) return undefined;
  let bucket = SMALLEST;
  while (bucket < needed) bucket *= 2;
  const padded = new Uint8Array(Math.min(bucket, LARGEST));
  padded.set(content);
  padded[content.length] = 0x80;
  return padded;
}

/** Undefined when there is no padding to take off. */
export function unpad(padded: Uint8Array): Uint8Array | undefined {
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end -= 1;
  return end >= 0 && padded[end] === 0x80 ? padded.subarray(0, end) : undefined;
}
