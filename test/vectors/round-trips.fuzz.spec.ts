import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { patience, runs } from '../../libs/platform/testing/runs.js';
import { sha256 } from '../../libs/signal/signal.js';
import * as chains from '../../libs/protocol/chain-wire.js';
import { formatContactAddress, parseContactAddress } from '../../libs/protocol/contact-address.js';
import { decodeDeviceList, encodeDeviceList, type DeviceList } from '../../libs/protocol/device-list.js';
import * as frames from '../../libs/protocol/frames.js';
import type {
  AccountId,
  DeviceId,
  IdempotencyKey,
  ListVersion,
  RegistrationId,
  Sequence,
  TenantId,
} from '../../libs/protocol/ids.js';
import type { LinkFrame } from '../../libs/protocol/link-frames.js';
import {
  decodeLinkAccount,
  decodeLinkDone,
  decodeLinkHello,
  encodeLinkAccount,
  encodeLinkDone,
  encodeLinkHello,
} from '../../libs/protocol/link-messages.js';
import { formatLinkText, parseLinkText } from '../../libs/protocol/link-text.js';
import type { Ack, Gap, Nack } from '../../libs/protocol/mail.js';
import * as pages from '../../libs/protocol/mailbox-page.js';
import * as prekeys from '../../libs/protocol/prekeys.js';
import { PROBLEMS, type ProblemCode } from '../../libs/protocol/problems.js';
import { formatRecoveryCode, parseRecoveryCode } from '../../libs/protocol/recovery-code.js';
import { decodeSendRequest, encodeSendRequest, type SendRequest } from '../../libs/protocol/send-request.js';

const TIME = patience(60_000);

const bytes = (most: number, least = 0): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: least, maxLength: most });
const exactly = (length: number): fc.Arbitrary<Uint8Array> => bytes(length, length);
const uuid = <Id extends string>(): fc.Arbitrary<Id> => fc.uuid() as unknown as fc.Arbitrary<Id>;
const whole = <Value extends number>(least: number, most: number): fc.Arbitrary<Value> =>
  fc.integer({ min: least, max: most }) as unknown as fc.Arbitrary<Value>;
const time = fc.maxSafeNat();
const text = fc.string({ unit: 'grapheme', maxLength: 30 });
const few = <Value>(of: fc.Arbitrary<Value>, least = 0): fc.Arbitrary<Value[]> =>
  fc.array(of, { minLength: least, maxLength: 4 });
const [accountId, deviceId, tenantId] = [uuid<AccountId>(), uuid<DeviceId>(), uuid<TenantId>()];
const registrationId = whole<RegistrationId>(1, 16_383);
const listVersion = whole<ListVersion>(0, 2 ** 31 - 1);
const sequence = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }) as unknown as fc.Arbitrary<Sequence>;
const id = exactly(8);
const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });

const signedPrekey = fc.record({ id: uint32, publicKey: bytes(40), signature: bytes(64) });
const oneTime = fc.record({ id: uint32, publicKey: bytes(33) });
const upload: fc.Arbitrary<prekeys.PrekeyUpload> = fc.record({
  signedPrekey: fc.option(signedPrekey, { nil: undefined }),
  lastResort: fc.option(signedPrekey, { nil: undefined }),
  oneTime: few(oneTime),
  kyber: few(signedPrekey),
});
const registration: fc.Arbitrary<prekeys.DeviceRegistration> = fc.record({
  deviceId,
  registrationId,
  registrationSignature: bytes(64),
  identityKey: bytes(33),
  authKey: bytes(32),
  prekeys: fc.record({ signedPrekey, lastResort: signedPrekey, oneTime: few(oneTime), kyber: few(signedPrekey) }),
});
const bundles: fc.Arbitrary<prekeys.PrekeyBundles> = fc.record({
  accountId,
  listVersion,
  bundles: few(
    fc.record({
      deviceId,
      registrationId,
      registrationSignature: bytes(64),
      identityKey: bytes(33),
      signedPrekey,
      kyber: signedPrekey,
      oneTime: fc.option(oneTime, { nil: undefined }),
    }),
  ),
});
const stock = fc.record({ oneTime: uint32, kyber: uint32, low: fc.boolean() });

const ack: fc.Arbitrary<Ack> = fc.record({ sequence, id, cumulative: fc.boolean() });
const reason = fc.constantFrom(
  'unspecified' as const,
  'undecryptable' as const,
  'untrusted' as const,
  'invalid' as const,
);
const nack: fc.Arbitrary<Nack> = fc.record({ sequence, id, reason });
const gap: fc.Arbitrary<Gap> = fc.record({
  from: sequence,
  to: sequence,
  id,
  reason: fc.constantFrom('age' as const, 'stock' as const, 'poison' as const),
});
const kind = fc.constantFrom(1 as const, 2 as const, 3 as const);
const envelope: fc.Arbitrary<frames.Envelope> = fc.record({
  sequence,
  id,
  acceptedAt: time,
  registrationId,
  kind,
  control: fc.boolean(),
  senderAccount: fc.oneof(exactly(16), exactly(0)),
  senderDevice: fc.oneof(exactly(16), exactly(0)),
  content: bytes(60),
});
const request: fc.Arbitrary<SendRequest> = fc.record({
  idempotencyKey: fc.uuid({ version: 7 }) as unknown as fc.Arbitrary<IdempotencyKey>,
  class: fc.constantFrom('durable' as const, 'ephemeral' as const),
  urgent: fc.boolean(),
  bundles: fc.boolean(),
  clientTimestamp: time,
  recipients: fc.uniqueArray(
    fc
      .record({
        accountId,
        listVersion,
        selected: fc.boolean(),
        control: fc.boolean(),
        to: fc.uniqueArray(fc.record({ deviceId, registrationId, kind, content: bytes(60, 1) }), {
          minLength: 1,
          maxLength: 4,
          selector: (each) => each.deviceId,
        }),
      })
      .map(({ selected, control, to, ...recipient }) => ({
        ...recipient,
        coverage: selected ? ('selected' as const) : ('complete' as const),
        envelopes: to.map((each) => ({ ...each, control: selected || control })),
      })),
    { minLength: 1, maxLength: 4, selector: (each) => each.accountId },
  ),
});

const signedList = fc.record(
  {
    bytes: bytes(50),
    signature: bytes(64),
    signer: fc.oneof(deviceId, fc.constant('account-key' as const)),
    rotationSignature: bytes(64, 1),
  },
  { requiredKeys: ['bytes', 'signature', 'signer'] },
);
const chain: fc.Arbitrary<chains.DeviceChain> = fc.record(
  {
    accountId,
    listVersion,
    lists: few(signedList),
    tombstones: few(
      fc.record({
        deviceId,
        day: uint32,
        reason: fc.constantFrom('owner' as const, 'admin' as const, 'idle' as const, 'reset' as const),
      }),
    ),
    more: fc.constant(true as const),
  },
  { requiredKeys: ['accountId', 'listVersion', 'lists', 'tombstones'] },
);

const session = exactly(16);
const link: fc.Arbitrary<LinkFrame> = fc.oneof(
  fc.record({ session, step: fc.constant('opened' as const), expiresAt: time }),
  fc.record({ session, step: fc.constantFrom('claim' as const, 'claimed' as const, 'registered' as const) }),
  fc.record({ session, step: fc.constant('sealed' as const), sealed: bytes(50) }),
  fc.record({ session, step: fc.constant('register' as const), registration }),
  fc.record({ session, step: fc.constant('registered' as const), approvalUntil: time.filter((until) => until > 0) }),
  fc.record({
    session,
    step: fc.constant('ended' as const),
    reason: fc.constantFrom(
      'unknown' as const,
      'expired' as const,
      'taken' as const,
      'left' as const,
      'refused' as const,
      'off' as const,
    ),
  }),
);

const clientFrame: fc.Arbitrary<frames.ClientFrame> = fc.oneof(
  fc.record({ kind: fc.constant('send' as const), id: uint32, request }),
  fc.record({ kind: fc.constant('acks' as const), acks: few(ack, 1) }),
  fc.record({ kind: fc.constant('nack' as const), nack }),
  fc.record({ kind: fc.constant('link' as const), link }),
);

const refusal = fc.record(
  {
    kind: fc.constant('problem' as const),
    code: fc.constantFrom(...(Object.keys(PROBLEMS) as ProblemCode[])),
    detail: text,
    retryAfterMs: whole<number>(1, 2 ** 31 - 1),
    serverTime: time.filter((now) => now > 0),
  },
  { requiredKeys: ['kind', 'code', 'detail'] },
);
const outcome: fc.Arbitrary<frames.SendOutcome> = fc.oneof(
  fc.record({ kind: fc.constant('accepted' as const), acceptedAt: time }),
  refusal,
  fc.record({
    kind: fc.constant('mismatch' as const),
    mismatched: few(
      fc.record({ accountId, listVersion, missing: few(deviceId), extra: few(deviceId), stale: few(deviceId) }),
    ),
    unknown: few(accountId),
    closed: few(accountId),
    bundles: few(bundles),
  }),
);
const serverFrame: fc.Arbitrary<frames.ServerFrame> = fc.oneof(
  fc.record({
    kind: fc.constant('ready' as const),
    ready: fc.record({ incarnation: id, serverTime: time, head: time, stock, listVersion, maxUnacked: uint32 }),
  }),
  fc.record({ kind: fc.constant('deliveries' as const), envelopes: few(envelope) }),
  fc.record({ kind: fc.constant('gap' as const), gap }),
  fc.record({ kind: fc.constant('ephemeral' as const), envelope }),
  fc.constant({ kind: 'queue-empty' as const }),
  fc.record({ kind: fc.constant('answer' as const), id: uint32, outcome }),
  fc.record({ kind: fc.constant('ack-refused' as const), sequence, id }),
  fc.record({ kind: fc.constant('prekeys-low' as const), stock }),
  fc.record({ kind: fc.constant('devices-changed' as const), listVersion }),
  fc.record({ kind: fc.constant('link' as const), link }),
  fc.record({ kind: fc.constant('problem' as const), problem: refusal }),
);
const page: fc.Arbitrary<pages.MailboxPage> = fc.record({
  stream: whole<number>(0, 2 ** 31 - 1),
  incarnation: id,
  head: time,
  gaps: few(gap),
  envelopes: few(envelope),
  caughtUp: fc.boolean(),
  stock,
  listVersion,
  serverTime: time,
});
const settlement = fc.record({ stream: whole<number>(0, 2 ** 31 - 1), acks: few(ack), nacks: few(nack) });

const deviceList: fc.Arbitrary<DeviceList> = fc.record({
  tenantId,
  accountId,
  epoch: whole<number>(1, 2 ** 32 - 1),
  version: whole<number>(1, 2 ** 32 - 1),
  accountKey: exactly(33),
  previousHash: exactly(32),
  entries: fc.uniqueArray(
    fc.record({
      deviceId,
      identityKey: exactly(33),
      mayLink: fc.boolean(),
      addedBy: fc.oneof(deviceId, fc.constant('account-key' as const)),
      addedOnDay: uint32,
      statement: fc.record({ epoch: uint32, authKey: exactly(32), signature: exactly(64) }),
    }),
    { minLength: 1, maxLength: 64, selector: (entry) => entry.deviceId },
  ),
});

interface Case {
  readonly name: string;
  readonly check: (times: number) => void;
}

/** Node's Buffers and plain arrays hold the same bytes; what is absent and what is undefined are the same. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]));
}

function both<Value, Coded>(
  name: string,
  of: fc.Arbitrary<Value>,
  { encode, decode }: { readonly encode: (value: Value) => Coded; readonly decode: (coded: Coded) => unknown },
): Case {
  const check = (times: number): void => {
    fc.assert(
      fc.property(of, (value) => {
        expect(plain(decode(encode(value)))).toEqual(plain(value));
      }),
      { numRuns: runs(times) },
    );
  };
  return { name, check };
}

const CASES = [
  both('a client frame', clientFrame, { encode: frames.encodeClientFrame, decode: frames.decodeClientFrame }),
  both('a server frame', serverFrame, { encode: frames.encodeServerFrame, decode: frames.decodeServerFrame }),
  both('a send request', request, { encode: encodeSendRequest, decode: decodeSendRequest }),
  both('a signed list', signedList, { encode: chains.encodeSignedList, decode: chains.decodeSignedList }),
  both('a device chain', chain, { encode: chains.encodeDeviceChain, decode: chains.decodeDeviceChain }),
  both('an enrolment', fc.record({ code: text, list: signedList, registration }), {
    encode: chains.encodeEnrolment,
    decode: chains.decodeEnrolment,
  }),
  both('a prekey upload', upload, { encode: prekeys.encodePrekeyUpload, decode: prekeys.decodePrekeyUpload }),
  both('a registration', registration, {
    encode: prekeys.encodeDeviceRegistration,
    decode: prekeys.decodeDeviceRegistration,
  }),
  both('bundles', bundles, { encode: prekeys.encodePrekeyBundles, decode: prekeys.decodePrekeyBundles }),
  both('a mailbox page', page, { encode: pages.encodeMailboxPage, decode: pages.decodeMailboxPage }),
  both('a settlement', settlement, { encode: pages.encodeMailboxSettlement, decode: pages.decodeMailboxSettlement }),
  both('a hello', fc.record({ deviceId, identityKey: bytes(33), authKey: bytes(32), platform: text, name: text }), {
    encode: encodeLinkHello,
    decode: decodeLinkHello,
  }),
  both('an account', fc.record({ tenantId, accountId, accountKey: bytes(33), chain }), {
    encode: encodeLinkAccount,
    decode: decodeLinkAccount,
  }),
  both(
    'the end of linking',
    fc.oneof(
      fc.record({ kind: fc.constant('linked' as const), list: signedList, listVersion }),
      fc.record({ kind: fc.constant('waiting' as const), until: time }),
      fc.record({ kind: fc.constant('refused' as const), reason: text }),
    ),
    { encode: encodeLinkDone, decode: decodeLinkDone },
  ),
  both('a link text', fc.record({ server: fc.webUrl(), session, expiresAt: time, secret: exactly(32) }), {
    encode: formatLinkText,
    decode: (from) => {
      const parsed = parseLinkText(from);
      return parsed.kind === 'link' ? parsed.link : parsed;
    },
  }),
  both('a contact address', fc.record({ accountId, keyHash: exactly(16) }), {
    encode: formatContactAddress,
    decode: (from) => {
      const parsed = parseContactAddress(from);
      return parsed.kind === 'address' ? parsed.address : parsed;
    },
  }),
  both('a recovery code', exactly(32), {
    encode: (key) => formatRecoveryCode(key, sha256),
    decode: (code) => parseRecoveryCode(code, sha256),
  }),
];

describe('what is encoded and decoded again', () => {
  it.each(CASES)(
    'is the same: $name',
    ({ check }) => {
      check(400);
    },
    TIME,
  );

  it(
    'is the same: a device list, with its entries in order',
    () => {
      fc.assert(
        fc.property(deviceList, (list) => {
          const entries = list.entries.toSorted((left, right) => (left.deviceId < right.deviceId ? -1 : 1));
          expect(plain(decodeDeviceList(encodeDeviceList(list)))).toEqual(plain({ ...list, entries }));
        }),
        { numRuns: runs(150) },
      );
    },
    TIME,
  );

  it(
    'is one text only: a recovery code with a letter changed is none, or reads the same',
    () => {
      const letter = fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'.match(/./g)!);
      fc.assert(
        fc.property(exactly(32), fc.nat(55), letter, (key, at, other) => {
          const letters = formatRecoveryCode(key, sha256).replaceAll('-', '');
          const typed = letters.slice(0, at) + other + letters.slice(at + 1);
          const read = parseRecoveryCode(typed, sha256);
          if (typed !== letters) expect(read === undefined || !Buffer.from(read).equals(Buffer.from(key))).toBe(true);
          else expect(read).toBeDefined();
        }),
        { numRuns: runs(1_000) },
      );
    },
    TIME,
  );
});
