import { compareDeviceList } from '../devices/compare-device-list.js';
import type { AccountGuard } from '../mailbox/guards.js';
import type { AppendItem } from '../mailbox/mailbox.js';
import type { Mismatch, MismatchedAccount } from '../protocol/frames.js';
import type { AccountId, Caller } from '../protocol/ids.js';
import type { Recipient, SendRequest } from '../protocol/send-request.js';
import type { GuardedDevice } from '../mailbox/guards.js';
import type { Targets } from './device-sets.js';

/** Where each envelope goes and what it expects there; the sender's own mailbox and list version guard the whole (D4). */
export interface SendPlan {
  readonly kind: 'plan';
  readonly senderMailbox: GuardedDevice['mailboxNo'];
  readonly ownListVersion: number | undefined;
  /** Without their random ids. */
  readonly items: readonly Omit<AppendItem, 'id'>[];
}

/** The sending device is no longer one of its account. */
export interface SenderGone {
  readonly kind: 'sender-gone';
}

/** Compares every account of the request, the sender's own too, with the devices known for it: a plan, or all that is wrong at once (D3). */
export function planSend(caller: Caller, request: SendRequest, targets: Targets): SendPlan | Mismatch | SenderGone {
  const own = targets.get(caller.accountId)?.guard;
  const self = own?.devices.find((device) => device.deviceId === caller.deviceId);
  if (own === undefined || own.suspended || self === undefined) return { kind: 'sender-gone' };
  const selectedOnly = request.recipients.every((recipient) => recipient.coverage === 'selected');
  const wrong = { mismatched: [] as MismatchedAccount[], unknown: [] as AccountId[], closed: [] as AccountId[] };
  const items: Omit<AppendItem, 'id'>[] = [];
  for (const recipient of coverOwn(caller, request, { selectedOnly, alone: own.devices.length === 1 })) {
    const { accountId } = recipient;
    const target = targets.get(accountId);
    const except = accountId === caller.accountId ? caller.deviceId : undefined;
    if (target === undefined) wrong.unknown.push(accountId);
    else if (target.guard === undefined || target.guard.suspended) wrong.closed.push(accountId);
    else {
      const difference = compareDeviceList(recipient, target.guard, except);
      if (difference === undefined) addItems(recipient, target.guard, items);
      else wrong.mismatched.push({ accountId, listVersion: target.guard.listVersion, ...difference });
    }
  }
  if (wrong.mismatched.length + wrong.unknown.length + wrong.closed.length > 0)
    return { kind: 'mismatch', ...wrong, bundles: [] };
  return {
    kind: 'plan',
    senderMailbox: self.mailboxNo,
    ownListVersion: selectedOnly ? undefined : own.listVersion,
    items,
  };
}

/** The sender's own account is compared as COMPLETE, listed or not, unless every recipient is SELECTED; alone, it has nobody to cover. */
function coverOwn(
  caller: Caller,
  request: SendRequest,
  { selectedOnly, alone }: { readonly selectedOnly: boolean; readonly alone: boolean },
): readonly Recipient[] {
  const own = request.recipients.find((recipient) => recipient.accountId === caller.accountId);
  if (selectedOnly || alone || own?.coverage === 'complete') return request.recipients;
  const others = request.recipients.filter((recipient) => recipient !== own);
  const envelopes = own?.envelopes ?? [];
  const listVersion = own?.listVersion ?? (0 as Recipient['listVersion']);
  return [...others, { accountId: caller.accountId, listVersion, coverage: 'complete', envelopes }];
}

function addItems(recipient: Recipient, guard: AccountGuard, items: Omit<AppendItem, 'id'>[]): void {
  const listVersion = recipient.coverage === 'complete' ? guard.listVersion : undefined;
  for (const { deviceId, registrationId, kind, control, content } of recipient.envelopes) {
    const mailbox = guard.devices.find((device) => device.deviceId === deviceId)?.mailboxNo;
    if (mailbox !== undefined) items.push({ mailbox, listVersion, registrationId, kind, control, content });
  }
}
