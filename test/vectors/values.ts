import { accountKeyHash } from '../../libs/protocol/contact-address.js';
import type { Content } from '../../libs/protocol/content.js';
import { encodeDeviceList, type DeviceList, type Tombstone } from '../../libs/protocol/device-list.js';
import type {
  AccountId,
  DeviceId,
  IdempotencyKey,
  ListVersion,
  RegistrationId,
  Sequence,
  TenantId,
} from '../../libs/protocol/ids.js';
import type { DeviceRegistration, PrekeyBundles, PrekeyUpload } from '../../libs/protocol/prekeys.js';
import type { SendRequest } from '../../libs/protocol/send-request.js';
import type { ClientFrame, Envelope, ServerFrame } from '../../libs/protocol/frames.js';
import type { MailboxPage, MailboxSettlement, SetAsideEnvelope } from '../../libs/protocol/mailbox-page.js';
import type { LinkStep } from '../../libs/protocol/link-frames.js';
import { sha256 } from '../../libs/signal/signal.js';
import { testKey } from '../../libs/signal/testing.js';

/** The values behind the golden bytes. Everything is fixed; what would be random (signatures, ciphertext) is a pattern here. */

export const run = (length: number, from: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (from + index) % 256);

export const tenantId = '018f0000-0000-4000-8000-0000000000aa' as TenantId;
export const accountId = '11111111-1111-4111-8111-111111111111' as AccountId;
export const otherAccount = '22222222-2222-4222-8222-222222222222' as AccountId;
export const phone = '33333333-3333-4333-8333-333333333333' as DeviceId;
export const laptop = '44444444-4444-4444-8444-444444444444' as DeviceId;
export const key = '0192f0c1-7a00-7123-8456-789abcdef012' as IdempotencyKey;
export const accountKey = testKey('vector account');
export const phoneKey = testKey('vector phone');
export const laptopKey = testKey('vector laptop');
const registrationId = 4660 as RegistrationId;
const listVersion = 7 as ListVersion;

export const firstList: DeviceList = {
  tenantId,
  accountId,
  epoch: 1,
  version: 1,
  accountKey: accountKey.publicKey,
  previousHash: new Uint8Array(32),
  entries: [
    {
      deviceId: phone,
      identityKey: phoneKey.publicKey,
      mayLink: true,
      addedBy: 'account-key',
      addedOnDay: 20_700,
      statement: { epoch: 1, authKey: run(32, 1), signature: run(64, 2) },
    },
  ],
};

export const secondList: DeviceList = {
  ...firstList,
  version: 2,
  previousHash: run(32, 3),
  entries: [
    ...firstList.entries,
    {
      deviceId: laptop,
      identityKey: laptopKey.publicKey,
      mayLink: false,
      addedBy: phone,
      addedOnDay: 20_701,
      statement: { epoch: 1, authKey: run(32, 4), signature: run(64, 5) },
    },
  ],
};

export const statement = {
  tenantId,
  accountId,
  accountKey: accountKey.publicKey,
  deviceId: phone,
  identityKey: phoneKey.publicKey,
  authKey: run(32, 1),
};
export const registered = { deviceId: phone, registrationId };
export const tombstones: readonly Tombstone[] = [
  { deviceId: laptop, day: 20_702, reason: 'admin' },
  { deviceId: phone, day: 20_703, reason: 'owner' },
];

/** The phone alone, under another account key: opens epoch 2 after `secondList`. */
export const renewedKey = testKey('vector account renewed');
export const rotation: DeviceList = {
  ...firstList,
  epoch: 2,
  accountKey: renewedKey.publicKey,
  previousHash: sha256(encodeDeviceList(secondList)),
};
export const contactAddress = { accountId, keyHash: accountKeyHash(accountKey.publicKey, sha256) };
export const linkText = {
  server: 'https://chat.example:8443',
  session: run(16, 0xf0),
  expiresAt: 1_790_000_000_000,
  secret: run(32, 0x40),
};

export const request: SendRequest = {
  idempotencyKey: key,
  class: 'durable',
  urgent: true,
  bundles: true,
  clientTimestamp: 1_790_000_000_123,
  recipients: [
    {
      accountId,
      listVersion,
      coverage: 'complete',
      envelopes: [
        { deviceId: phone, registrationId, kind: 1, control: false, content: run(9, 1) },
        { deviceId: laptop, registrationId: 16_383 as RegistrationId, kind: 2, control: false, content: run(5, 9) },
      ],
    },
    {
      accountId: otherAccount,
      listVersion,
      coverage: 'selected',
      envelopes: [{ deviceId: phone, registrationId, kind: 3, control: true, content: run(3, 7) }],
    },
  ],
};

export const ephemeral: SendRequest = {
  ...request,
  class: 'ephemeral',
  urgent: false,
  bundles: false,
  clientTimestamp: 0,
};

export const upload: PrekeyUpload = {
  signedPrekey: { id: 1, publicKey: run(33, 5), signature: run(64, 6) },
  lastResort: { id: 2, publicKey: run(40, 7), signature: run(64, 8) },
  oneTime: [{ id: 3, publicKey: run(33, 9) }],
  kyber: [{ id: 0xff_ff_ff, publicKey: run(40, 10), signature: run(64, 11) }],
};

export const refill: PrekeyUpload = {
  signedPrekey: undefined,
  lastResort: undefined,
  oneTime: upload.oneTime,
  kyber: [],
};

export const registration: DeviceRegistration = {
  deviceId: phone,
  registrationId,
  registrationSignature: run(64, 12),
  identityKey: phoneKey.publicKey,
  authKey: run(32, 1),
  prekeys: upload as DeviceRegistration['prekeys'],
};

const bundle = {
  deviceId: phone,
  registrationId,
  registrationSignature: run(64, 12),
  identityKey: phoneKey.publicKey,
  signedPrekey: { id: 1, publicKey: run(33, 5), signature: run(64, 6) },
  kyber: { id: 2, publicKey: run(40, 7), signature: run(64, 8) },
};

export const bundles: PrekeyBundles = {
  accountId,
  listVersion,
  bundles: [
    { ...bundle, oneTime: { id: 3, publicKey: run(33, 9) } },
    { ...bundle, deviceId: laptop, oneTime: undefined },
  ],
};

export const signedList = { bytes: run(20, 1), signature: run(64, 2), signer: phone } as const;
export const rotatedList = { ...signedList, signer: 'account-key', rotationSignature: run(64, 3) } as const;
export const chain = {
  accountId,
  listVersion,
  lists: [{ ...signedList, signer: 'account-key' as const }, signedList],
  tombstones,
};

export const textContent: Content = {
  sender: { epoch: 1, listVersion, hash: run(32, 1) },
  recipient: { epoch: 2, listVersion: 9 as ListVersion, hash: run(32, 2) },
  messageId: key,
  sentAt: 1_790_000_000_123,
  body: { kind: 'text', text: 'Grüße 👋' },
};
export const sentContent: Content = { ...textContent, body: { kind: 'sent', recipient: otherAccount, text: 'hi' } };

const session = run(16, 0xf0);
const steps: Readonly<Record<string, LinkStep>> = {
  'link opened': { step: 'opened', expiresAt: 1_790_000_120_000 },
  'link claim': { step: 'claim' },
  'link claimed': { step: 'claimed' },
  'link sealed': { step: 'sealed', sealed: run(30, 3) },
  'link register': { step: 'register', registration },
  'link registered': { step: 'registered' },
  'link registered, an admin is asked': { step: 'registered', approvalUntil: 1_930_000_000_000 },
  'link ended': { step: 'ended', reason: 'taken' },
};
const linkFrames = Object.fromEntries(
  Object.entries(steps).map(([name, step]) => [name, { kind: 'link' as const, link: { session, ...step } }]),
);

export const clientFrames: Readonly<Record<string, ClientFrame>> = {
  send: { kind: 'send', id: 17, request },
  'send ephemeral': { kind: 'send', id: 18, request: ephemeral },
  acks: {
    kind: 'acks',
    acks: [
      { sequence: 4 as Sequence, id: run(8, 1), cumulative: true },
      { sequence: 9_007_199_254_740_991 as Sequence, id: run(8, 2), cumulative: false },
    ],
  },
  nack: { kind: 'nack', nack: { sequence: 4 as Sequence, id: run(8, 1), reason: 'undecryptable' } },
  ...linkFrames,
};

export const serverFrames: Readonly<Record<string, ServerFrame>> = {
  ready: {
    kind: 'ready',
    ready: {
      incarnation: run(8, 1),
      serverTime: 1_790_000_000_123,
      head: 42,
      stock: { oneTime: 19, kyber: 100, low: true },
      listVersion,
      maxUnacked: 256,
    },
  },
  deliveries: {
    kind: 'deliveries',
    envelopes: [
      {
        sequence: 5 as Sequence,
        id: run(8, 3),
        acceptedAt: 1_790_000_000_124,
        registrationId,
        kind: 1,
        control: true,
        senderAccount: run(16, 1),
        senderDevice: run(16, 2),
        content: run(11, 4),
      },
      {
        sequence: 6 as Sequence,
        id: run(8, 4),
        acceptedAt: 1_790_000_000_125,
        registrationId,
        kind: 2,
        control: false,
        senderAccount: new Uint8Array(),
        senderDevice: new Uint8Array(),
        content: run(3, 4),
      },
    ],
  },
  gap: { kind: 'gap', gap: { from: 3 as Sequence, to: 9 as Sequence, id: run(8, 7), reason: 'stock' } },
  ephemeral: {
    kind: 'ephemeral',
    envelope: {
      sequence: 0 as Sequence,
      id: new Uint8Array(),
      acceptedAt: 1_790_000_000_126,
      registrationId,
      kind: 2,
      control: false,
      senderAccount: run(16, 1),
      senderDevice: run(16, 2),
      content: run(5, 4),
    },
  },
  'queue-empty': { kind: 'queue-empty' },
  'answer accepted': { kind: 'answer', id: 17, outcome: { kind: 'accepted', acceptedAt: 1_790_000_000_126 } },
  'answer mismatch': {
    kind: 'answer',
    id: 17,
    outcome: {
      kind: 'mismatch',
      mismatched: [{ accountId, listVersion, missing: [phone], extra: [laptop], stale: [phone, laptop] }],
      unknown: [otherAccount],
      closed: [accountId],
      bundles: [bundles],
    },
  },
  'answer problem': {
    kind: 'answer',
    id: 18,
    outcome: {
      kind: 'problem',
      code: 'limited',
      detail: 'too many',
      retryAfterMs: 1500,
      serverTime: 1_790_000_000_127,
    },
  },
  'ack-refused': { kind: 'ack-refused', sequence: 4 as Sequence, id: run(8, 5) },
  'prekeys-low': { kind: 'prekeys-low', stock: { oneTime: 3, kyber: 0, low: true } },
  'devices-changed': { kind: 'devices-changed', listVersion },
  problem: { kind: 'problem', problem: { kind: 'problem', code: 'malformed', detail: 'why' } },
  ...linkFrames,
};

const polled: Envelope = {
  sequence: 5 as Sequence,
  id: run(8, 3),
  acceptedAt: 1_790_000_000_124,
  registrationId,
  kind: 1,
  control: true,
  senderAccount: run(16, 1),
  senderDevice: run(16, 2),
  content: run(11, 4),
};
export const mailboxPage: MailboxPage = {
  stream: 7,
  incarnation: run(8, 1),
  head: 42,
  gaps: [{ from: 3 as Sequence, to: 4 as Sequence, id: run(8, 7), reason: 'age' }],
  envelopes: [polled],
  caughtUp: true,
  stock: { oneTime: 19, kyber: 100, low: true },
  listVersion,
  serverTime: 1_790_000_000_123,
};
export const settlement: MailboxSettlement = {
  stream: 7,
  acks: [{ sequence: 4 as Sequence, id: run(8, 7), cumulative: true }],
  nacks: [{ sequence: 5 as Sequence, id: run(8, 3), reason: 'invalid' }],
};
export const setAside: readonly SetAsideEnvelope[] = [{ envelope: polled, reason: 'untrusted' }];
