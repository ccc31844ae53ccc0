import {
  decodeDeviceChain,
  decodeEnrolment,
  decodeSignedList,
  encodeDeviceChain,
  encodeEnrolment,
  encodeSignedList,
} from '../../libs/protocol/chain-wire.js';
import { formatContactAddress, parseContactAddress } from '../../libs/protocol/contact-address.js';
import { decodeContent, encodeContent } from '../../libs/protocol/content.js';
import {
  accountStateHash,
  decodeDeviceList,
  encodeDeviceList,
  registrationBytes,
  statementBytes,
} from '../../libs/protocol/device-list.js';
import { deviceFingerprint } from '../../libs/protocol/fingerprint.js';
import {
  decodeClientFrame,
  decodeServerFrame,
  encodeClientFrame,
  encodeServerFrame,
} from '../../libs/protocol/frames.js';
import * as links from '../../libs/protocol/link-messages.js';
import * as pages from '../../libs/protocol/mailbox-page.js';
import type { Sequence } from '../../libs/protocol/ids.js';
import { formatLinkText, linkKeyInfo, parseLinkText } from '../../libs/protocol/link-text.js';
import * as prekeys from '../../libs/protocol/prekeys.js';
import { formatRecoveryCode, parseRecoveryCode } from '../../libs/protocol/recovery-code.js';
import { decodeSendRequest, encodeSendRequest } from '../../libs/protocol/send-request.js';
import { sha256 } from '../../libs/signal/signal.js';
import * as values from './values.js';

/** One golden vector: `encode` makes the bytes, `decode` (where there is a way back) makes `value` of them. */
export interface VectorCase {
  readonly encode: () => Uint8Array;
  readonly decode?: (bytes: Uint8Array) => unknown;
  readonly value?: unknown;
}

type Cases = Readonly<Record<string, VectorCase>>;
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function both<Value>(
  value: Value,
  encode: (value: Value) => Uint8Array,
  decode: (bytes: Uint8Array) => unknown,
): VectorCase {
  return { encode: () => encode(value), decode, value };
}

function each<Value>(
  of: Readonly<Record<string, Value>>,
  encode: (value: Value) => Uint8Array,
  decode: (bytes: Uint8Array) => unknown,
): Cases {
  return Object.fromEntries(Object.entries(of).map(([name, value]) => [name, both(value, encode, decode)]));
}

function keyInfos(): Cases {
  const directions = ['new-to-old', 'old-to-new'] as const;
  const steps = ['hello', 'account', 'statement', 'done'] as const;
  return Object.fromEntries(
    directions.flatMap((direction) =>
      steps.map((step) => [`link key info ${direction} ${step}`, { encode: () => linkKeyInfo(direction, step) }]),
    ),
  );
}

const content = (value: Parameters<typeof encodeContent>[0]): Uint8Array => encodeContent(value) ?? new Uint8Array();

/** By file in this folder. */
export const VECTORS: Readonly<Record<string, Cases>> = {
  'client-frames.json': each(values.clientFrames, encodeClientFrame, decodeClientFrame),
  'server-frames.json': each(values.serverFrames, encodeServerFrame, decodeServerFrame),
  'signed-bytes.json': {
    'device list 1': both(values.firstList, encodeDeviceList, decodeDeviceList),
    'device list 2': both(values.secondList, encodeDeviceList, decodeDeviceList),
    'device list 1 of epoch 2': both(values.rotation, encodeDeviceList, decodeDeviceList),
    'device statement': { encode: () => statementBytes(values.statement) },
    registration: { encode: () => registrationBytes(values.registered.deviceId, values.registered.registrationId) },
    'account state hash, no tombstones': {
      encode: () => accountStateHash(encodeDeviceList(values.firstList), [], sha256),
    },
    'account state hash, two tombstones': {
      encode: () => accountStateHash(encodeDeviceList(values.secondList), values.tombstones, sha256),
    },
  },
  'bodies.json': {
    'send request': both(values.request, encodeSendRequest, decodeSendRequest),
    'mailbox page': both(values.mailboxPage, pages.encodeMailboxPage, pages.decodeMailboxPage),
    'mailbox settlement': both(values.settlement, pages.encodeMailboxSettlement, pages.decodeMailboxSettlement),
    'settlement answer': both(
      [{ sequence: 4 as Sequence, id: values.run(8, 5) }],
      pages.encodeSettlementAnswer,
      pages.decodeSettlementAnswer,
    ),
    'set aside': both(values.setAside, pages.encodeSetAside, pages.decodeSetAside),
    'prekey upload': both(values.upload, prekeys.encodePrekeyUpload, prekeys.decodePrekeyUpload),
    'prekey refill': both(values.refill, prekeys.encodePrekeyUpload, prekeys.decodePrekeyUpload),
    'device registration': both(
      values.registration,
      prekeys.encodeDeviceRegistration,
      prekeys.decodeDeviceRegistration,
    ),
    'prekey bundles': both(values.bundles, prekeys.encodePrekeyBundles, prekeys.decodePrekeyBundles),
    'signed list': both(values.signedList, encodeSignedList, decodeSignedList),
    'signed list, rotated': both(values.rotatedList, encodeSignedList, decodeSignedList),
    'device chain': both(values.chain, encodeDeviceChain, decodeDeviceChain),
    'device chain, first page': both({ ...values.chain, more: true as const }, encodeDeviceChain, decodeDeviceChain),
    enrolment: both(
      { code: 'a-code', list: values.signedList, registration: values.registration },
      encodeEnrolment,
      decodeEnrolment,
    ),
  },
  'content.json': {
    text: both(values.textContent, content, decodeContent),
    'sent copy': both(values.sentContent, content, decodeContent),
  },
  'linking.json': {
    'link text': both(
      values.linkText,
      (link) => utf8(formatLinkText(link)),
      (bytes) => {
        const parsed = parseLinkText(textOf(bytes));
        return parsed.kind === 'link' ? parsed.link : parsed;
      },
    ),
    hello: both(
      {
        deviceId: values.laptop,
        identityKey: values.laptopKey.publicKey,
        authKey: values.run(32, 4),
        platform: 'linux',
        name: 'Läptop',
      },
      links.encodeLinkHello,
      links.decodeLinkHello,
    ),
    account: both(
      {
        tenantId: values.tenantId,
        accountId: values.accountId,
        accountKey: values.accountKey.publicKey,
        chain: values.chain,
      },
      links.encodeLinkAccount,
      links.decodeLinkAccount,
    ),
    statement: both(values.run(64, 5), links.encodeLinkStatement, links.decodeLinkStatement),
    'done, linked': both(
      { kind: 'linked', list: values.signedList, listVersion: values.chain.listVersion },
      links.encodeLinkDone,
      links.decodeLinkDone,
    ),
    'done, refused': both({ kind: 'refused', reason: 'not mine' }, links.encodeLinkDone, links.decodeLinkDone),
    'done, waiting': both({ kind: 'waiting', until: 1_930_000_000_000 }, links.encodeLinkDone, links.decodeLinkDone),
    'device fingerprint': {
      encode: () =>
        utf8(deviceFingerprint({ deviceId: values.laptop, identityKey: values.laptopKey.publicKey }, sha256)),
    },
    ...keyInfos(),
  },
  'recovery-code.json': {
    'recovery code': both(
      values.run(32, 9),
      (key) => utf8(formatRecoveryCode(key, sha256)),
      (bytes) => parseRecoveryCode(textOf(bytes), sha256),
    ),
  },
  'contact-address.json': {
    'contact address': both(
      values.contactAddress,
      (address) => utf8(formatContactAddress(address)),
      (bytes) => {
        const parsed = parseContactAddress(textOf(bytes));
        return parsed.kind === 'address' ? parsed.address : parsed;
      },
    ),
  },
};
