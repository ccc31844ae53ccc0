import { WebSocket } from 'ws';
import { systemIds } from '../../../libs/platform/ids.js';
import { decodeServerFrame, encodeClientFrame, type SendOutcome } from '../../../libs/protocol/frames.js';
import { uuidToBytes, type ListVersion, type RegistrationId } from '../../../libs/protocol/ids.js';
import type { Recipient } from '../../../libs/protocol/send-request.js';
import { newKey, nodeHost } from '../../../libs/sdk/host.js';
import type { Player } from '../people.js';
import type { Tokens } from './tokens.js';
import { newContent, stamp, type Ear, type Letter, type Opening, type Wire } from './wire.js';

/** Ids of sends are at least this, so that each takes the same five bytes of a varint. */
const FIRST_ID = 2 ** 28;
const MARK_BYTES = 16;

/** `sotto.v1`, with the bytes that the SDK sends: requests are encoded once and their keys, ids and times overwritten. */
export class SottoWire implements Wire {
  constructor(private readonly tokens: Tokens) {}

  async prepare(players: readonly Player[]): Promise<void> {
    await this.tokens.renew(players);
  }

  async open({ player, gateway, ear, hoards = false }: Opening): Promise<WebSocket> {
    const headers = await this.tokens.upgradeHeaders(player);
    const socket = new WebSocket(`${gateway}/v1/stream`, 'sotto.v1', { headers, perMessageDeflate: false });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.on('close', (code) => {
        reject(new Error(`the stream was closed with ${String(code)}`));
      });
      socket.on('message', (data: Buffer) => {
        hear(socket, data, { ear, hoards, onReady: resolve });
      });
    });
    socket.on('error', () => undefined);
    return socket;
  }

  letter(sender: Player, to: readonly Player[], own: readonly Player[]): Letter {
    const marks: Buffer[] = [];
    const recipients = [to, own].filter(({ length }) => length > 0).map((players) => recipientOf(players, marks));
    const idempotencyKey = newKey(nodeHost, Date.now());
    const request = {
      idempotencyKey,
      class: 'durable',
      urgent: false,
      bundles: false,
      clientTimestamp: 0,
      recipients,
    } as const;
    const frame = Buffer.from(encodeClientFrame({ kind: 'send', id: FIRST_ID, request }));
    const idAt = frame.indexOf(varint5(FIRST_ID));
    const keyAt = frame.indexOf(uuidToBytes(idempotencyKey));
    const contentsAt = marks.map((mark) => frame.indexOf(mark));
    return {
      envelopes: marks.length,
      stamped: (id, now) => {
        varint5(FIRST_ID + id).copy(frame, idAt);
        // The time leads, the number of the send makes it unique, the random rest is of this letter alone.
        frame.writeUIntBE(Date.now(), keyAt, 6);
        frame.writeUInt32BE(id, keyAt + 9);
        for (const at of contentsAt) stamp(frame, at, now);
        return frame;
      },
    };
  }
}

function recipientOf(players: readonly Player[], marks: Buffer[]): Recipient {
  const [first] = players;
  if (first === undefined) throw new Error('a household without devices');
  const envelopes = players.map(({ deviceId }) => {
    const mark = systemIds.bytes(MARK_BYTES);
    marks.push(mark);
    const content = newContent();
    mark.copy(content);
    return { deviceId, registrationId: 1 as RegistrationId, kind: 2 as const, control: false, content };
  });
  return { accountId: first.accountId, listVersion: 1 as ListVersion, coverage: 'complete', envelopes };
}

const VARINT = Buffer.alloc(5);

/** Of a number from 2^28 on; the same buffer each time. */
function varint5(value: number): Buffer {
  for (let index = 0, left = value; index < 5; index += 1, left = Math.floor(left / 128))
    VARINT[index] = (left % 128) | (index < 4 ? 128 : 0);
  return VARINT;
}

function refusalOf(outcome: SendOutcome): string | undefined {
  if (outcome.kind === 'accepted') return undefined;
  return outcome.kind === 'problem' ? `${outcome.code}: ${outcome.detail}` : outcome.kind;
}

interface Hearing {
  readonly ear: Ear;
  readonly hoards: boolean;
  readonly onReady: () => void;
}

function hear(socket: WebSocket, data: Buffer, { ear, hoards, onReady }: Hearing): void {
  const frame = decodeServerFrame(data);
  switch (frame?.kind) {
    case 'deliveries': {
      const { envelopes } = frame;
      ear.heard(envelopes.map(({ content }) => content));
      const acks = envelopes.map(({ sequence, id }) => ({ sequence, id, cumulative: false }));
      if (!hoards) socket.send(encodeClientFrame({ kind: 'acks', acks }));
      return;
    }
    case 'answer':
      ear.answered(frame.id - FIRST_ID, refusalOf(frame.outcome));
      return;
    case 'ready':
      onReady();
      return;
    default:
  }
}
