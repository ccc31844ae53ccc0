import { LIMITS } from './limits.js';
import type { Bounds, Shape } from './wire.js';

/** The messages of `sotto.proto` that a server decodes: which of their fields are messages (wire-bounds.spec compares the two). */
const LEAF: Shape = {};
const DEVICE_CHAIN: Shape = { 3: LEAF, 4: LEAF };
const PREKEY_UPLOAD: Shape = { 1: LEAF, 2: LEAF, 3: LEAF, 4: LEAF };
const DEVICE_REGISTRATION: Shape = { 6: LEAF, 7: LEAF, 8: LEAF, 9: LEAF };
const ENROLMENT: Shape = { 2: LEAF, 3: DEVICE_REGISTRATION };
const SEND_REQUEST: Shape = { 6: { 4: LEAF } };
const LINK: Shape = { 2: LEAF, 3: LEAF, 4: LEAF, 6: DEVICE_REGISTRATION, 7: LEAF, 8: LEAF };
const CLIENT_FRAME: Shape = { 1: { 2: SEND_REQUEST }, 2: { 1: LEAF }, 3: LEAF, 4: LINK };
const MAILBOX_SETTLEMENT: Shape = { 2: LEAF, 3: LEAF };

const { keyFields, frameFields } = LIMITS;

export const BOUNDS = {
  SignedList: { shape: LEAF, fields: keyFields },
  DeviceChain: { shape: DEVICE_CHAIN, fields: keyFields },
  PrekeyUpload: { shape: PREKEY_UPLOAD, fields: keyFields },
  DeviceRegistration: { shape: DEVICE_REGISTRATION, fields: keyFields },
  Enrolment: { shape: ENROLMENT, fields: keyFields },
  SendRequest: { shape: SEND_REQUEST, fields: frameFields },
  MailboxSettlement: { shape: MAILBOX_SETTLEMENT, fields: frameFields },
  ClientFrame: { shape: CLIENT_FRAME, fields: frameFields },
} as const satisfies Readonly<Record<string, Bounds>>;
