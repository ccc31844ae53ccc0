import type { Account } from '../conformance/client/account.js';
import type { Device } from '../conformance/client/device.js';
import { mailboxOf, settled } from '../conformance/client/look.js';
import type { Ledger } from './ledger.js';
import { connected } from './line.js';

const ROUNDS = 20;

export interface Owner {
  readonly account: Account;
  /** Names in the ledger, one for each device. */
  readonly mailboxes: readonly string[];
}

/** After all readers have left: every mailbox is empty, and its head is the last number that came. */
export async function judgeMailboxes(owners: readonly Owner[], ledger: Ledger): Promise<void> {
  for (const { account, mailboxes } of owners)
    for (const [index, device] of account.devices.entries()) {
      const mailbox = mailboxes[index] ?? '';
      await ackAgain(device);
      const seen = await settled(mailboxOf(device));
      const through = ledger.through(mailbox);
      if (seen instanceof Error) ledger.report('rule', `${mailbox} cannot be read: ${seen.message}`, Date.now());
      else if (seen.mail.length > 0)
        ledger.report('rule', `${mailbox} is not empty after its acks: ${seen.mail.length} wait`, Date.now());
      else if (through !== undefined && seen.head !== through)
        ledger.report(
          'hole',
          `the head of ${mailbox} is ${seen.head}, and it was given all up to ${through}`,
          Date.now(),
        );
    }
}

/** Acks need not wait for the disk: what a crash undid waits again, and is acked once more (D11). */
async function ackAgain(device: Device): Promise<void> {
  const stream = await connected(device.account, 0, device);
  if (stream === undefined) return;
  await settled(
    (async () => {
      await stream.next('ready');
      for (let round = 0; round < ROUNDS && stream.count('queueEmpty') === 0; round += 1) {
        const last = stream.mail.at(-1);
        if (last !== undefined) stream.ackThrough(last);
        await stream.settled();
      }
    })(),
  );
  stream.cut();
}
