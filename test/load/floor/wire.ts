/**
 * What the floor and the generator say to each other: fixed fields at fixed places, as cheap to write and read as bytes can be.
 * A device connects to `/<mailbox number>` and is believed. All numbers are big-endian.
 *
 *     to the floor:    SEND id:u32 count:u8 (mailbox:u32 length:u16 content)*     ACK through:u32
 *     from the floor:  ANSWERS id:u32 *                                           MAIL first:u32 (length:u16 content)*
 */
export const SEND = 1;
export const ACK = 2;
export const ANSWERS = 3;
export const MAIL = 4;

export interface FloorItem {
  readonly mailbox: number;
  readonly content: Buffer;
}

/** `id` and the contents may be overwritten in place: see `FLOOR_ID_AT` and `contentsAt`. */
export function encodeSend(items: readonly FloorItem[]): { readonly frame: Buffer; readonly contentsAt: number[] } {
  const frame = Buffer.alloc(items.reduce((sum, { content }) => sum + 6 + content.length, 6));
  frame[0] = SEND;
  frame[5] = items.length;
  const contentsAt: number[] = [];
  let at = 6;
  for (const { mailbox, content } of items) {
    at = frame.writeUInt32BE(mailbox, at);
    at = frame.writeUInt16BE(content.length, at);
    contentsAt.push(at);
    at += content.copy(frame, at);
  }
  return { frame, contentsAt };
}

export const FLOOR_ID_AT = 1;

export function decodeSend(frame: Buffer): { readonly id: number; readonly items: FloorItem[] } {
  const items: FloorItem[] = [];
  let at = 6;
  for (let left = frame[5] ?? 0; left > 0; left -= 1) {
    const length = frame.readUInt16BE(at + 4);
    items.push({ mailbox: frame.readUInt32BE(at), content: frame.subarray(at + 6, at + 6 + length) });
    at += 6 + length;
  }
  return { id: frame.readUInt32BE(1), items };
}

export function encodeAck(through: number): Buffer {
  const frame = Buffer.allocUnsafe(5);
  frame[0] = ACK;
  frame.writeUInt32BE(through, 1);
  return frame;
}

export function encodeAnswers(ids: readonly number[]): Buffer {
  const frame = Buffer.allocUnsafe(1 + 4 * ids.length);
  frame[0] = ANSWERS;
  let at = 1;
  for (const id of ids) at = frame.writeUInt32BE(id, at);
  return frame;
}

export function encodeMail(first: number, contents: readonly Buffer[]): Buffer {
  let bytes = 5;
  for (const content of contents) bytes += 2 + content.length;
  const frame = Buffer.allocUnsafe(bytes);
  frame[0] = MAIL;
  let at = frame.writeUInt32BE(first, 1);
  for (const content of contents) {
    at = frame.writeUInt16BE(content.length, at);
    frame.set(content, at);
    at += content.length;
  }
  return frame;
}
