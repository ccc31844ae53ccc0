import type { MailboxNo } from '../mailbox/guards.js';
import type { Append, AppendResult } from '../mailbox/mailbox.js';
import type { Envelope } from '../protocol/frames.js';
import type { Sequence } from '../protocol/ids.js';
import type { Wake } from '../realtime/doorbell.js';

/** One batch of rings for each node that holds a stream of a mailbox that grew; for the own node the mail comes along, numbered as it was stored. */
export function ringsFor(
  stored: readonly Append[],
  result: AppendResult,
  isOwn: (node: number) => boolean,
): ReadonlyMap<number, readonly Wake[]> {
  const rings = new Map<number, Wake[]>();
  const mail = new Map<MailboxNo, Envelope[]>();
  const counts = new Map<MailboxNo, number>();
  for (const { items } of stored) for (const { mailbox } of items) counts.set(mailbox, (counts.get(mailbox) ?? 0) + 1);
  for (const { mailbox, base, epoch, node } of result.grown) {
    if (node === null) continue;
    const envelopes: Envelope[] | undefined = isOwn(node) ? [] : undefined;
    if (envelopes !== undefined) mail.set(mailbox, envelopes);
    const wake: Wake = {
      kind: 'wake',
      mailbox,
      epoch,
      base,
      head: base + (counts.get(mailbox) ?? 0),
      ...(envelopes && { envelopes }),
    };
    const sofar = rings.get(node);
    if (sofar === undefined) rings.set(node, [wake]);
    else sofar.push(wake);
  }
  if (mail.size > 0) number(stored, result, mail);
  return rings;
}

function number(stored: readonly Append[], result: AppendResult, mail: ReadonlyMap<MailboxNo, Envelope[]>): void {
  const bases = new Map(result.grown.map(({ mailbox, base }) => [mailbox, base]));
  for (const { items, sender } of stored) {
    const [senderAccount, senderDevice] = [sender.subarray(0, 16), sender.subarray(16, 32)];
    for (const item of items) {
      const envelopes = mail.get(item.mailbox);
      if (envelopes === undefined) continue;
      envelopes.push({
        sequence: ((bases.get(item.mailbox) ?? 0) + envelopes.length + 1) as Sequence,
        id: item.id,
        acceptedAt: result.acceptedAt,
        registrationId: item.registrationId,
        kind: item.kind,
        control: item.control,
        senderAccount,
        senderDevice,
        content: item.content,
      });
    }
  }
}
