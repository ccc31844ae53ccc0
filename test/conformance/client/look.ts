import { setTimeout as sleep } from 'node:timers/promises';
import type { Device } from './device.js';
import { encode, type Envelope, type SendAnswer } from './wire.js';

/** What clauses say again and again. */

export interface MailboxSeen {
  readonly head: number;
  /** What waits, on a fresh stream that acks nothing. */
  readonly mail: readonly Envelope[];
}

/** What stands in the mailbox of a device, as that device sees it: no more than a window, which nothing follows without an ack. Takes its stream. */
export async function mailboxOf(device: Device, node = 0): Promise<MailboxSeen> {
  const stream = await device.connect(node);
  const head = await stream.upToHead();
  await stream.close();
  return { head, mail: stream.mail };
}

export async function headsOf(devices: readonly Device[]): Promise<readonly number[]> {
  return Promise.all(devices.map(async (device) => (await mailboxOf(device)).head));
}

export function textOf({ content }: Pick<Envelope, 'content'>): string {
  return content.toString();
}

export function sequencesOf(mail: readonly Envelope[]): readonly number[] {
  return mail.map(({ sequence }) => sequence);
}

export function upTo(count: number, from = 1): readonly number[] {
  return Array.from({ length: count }, (_, index) => from + index);
}

/** `accepted`, `mismatch`, or the code of the problem. */
export function verdictOf(answer: SendAnswer): string {
  return answer.problem?.code ?? answer.outcome ?? 'no outcome';
}

/** Envelopes by what they are, for comparing two deliveries of the same. */
export function fingerprints(mail: readonly Envelope[]): readonly string[] {
  return mail.map((envelope) => encode('Envelope', envelope).toString('hex'));
}

/** Milliseconds until it was so; undefined when it was not within the patience. */
export async function timeUntil(
  condition: () => boolean | Promise<boolean>,
  patience: number,
  every = 25,
): Promise<number | undefined> {
  const start = Date.now();
  while (Date.now() - start <= patience) {
    if (await condition()) return Date.now() - start;
    await sleep(every);
  }
  return undefined;
}

/** Ends of sleeps and rejections that are expected. */
export async function settled<Value>(work: Promise<Value>): Promise<Value | Error> {
  return work.catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
