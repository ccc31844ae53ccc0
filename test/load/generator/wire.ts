import type { WebSocket } from 'ws';
import type { Player } from '../people.js';

export const CONTENT_BYTES = 600;

/** What a load listens to. */
export interface Ear {
  /** `refusal`: why it was not accepted. */
  answered(id: number, refusal?: string): void;
  /** Content begins with when it was sent, by this process's clock: `sentAt`. */
  heard(contents: readonly Uint8Array[]): void;
}

export interface Opening {
  readonly player: Player;
  /** WebSocket address without path. */
  readonly gateway: string;
  readonly ear: Ear;
  /** It takes its mail and acks nothing. */
  readonly hoards?: boolean;
}

/** A message with all its envelopes, encoded once; each time it is sent, only what differs is overwritten. `ws` copies what it masks. */
export interface Letter {
  readonly envelopes: number;
  stamped(id: number, now: number): Buffer;
}

/** How the generator speaks to Sotto or to the floor; loads do not know to which. */
export interface Wire {
  /** Resolves when the device may send and its mail comes. */
  open(opening: Opening): Promise<WebSocket>;
  /** From this device to all of the household, and to the sender's other devices. */
  letter(sender: Player, to: readonly Player[], own: readonly Player[]): Letter;
  /** What `open` needs and is not to be part of its time. */
  prepare(players: readonly Player[]): Promise<void>;
}

export function newContent(): Buffer {
  return Buffer.alloc(CONTENT_BYTES, 7);
}

export function stamp(content: Buffer, at: number, now: number): void {
  content.writeDoubleBE(now, at);
}

export function sentAt(content: Uint8Array): number {
  return new DataView(content.buffer, content.byteOffset, 8).getFloat64(0);
}

/** Many at a time, in order of the list. */
export async function inParallel<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
