import { describe, expect, it } from '@jest/globals';
import { decodeClientFrame, decodeServerFrame, encodeClientFrame, encodeServerFrame } from './frames.js';
import { sotto } from './generated/sotto.js';
import { encodeWire } from './wire.js';

const wire = (frame: sotto.v1.ClientFrame.$Properties): Uint8Array => encodeWire(sotto.v1.ClientFrame, frame);
const session = new Uint8Array(16).fill(1);

describe('decodeClientFrame', () => {
  it.each<[string, Uint8Array]>([
    ['bytes that are no protobuf', Uint8Array.of(0xff, 0xff, 0xff)],
    ['a length beyond the end', Uint8Array.of(0x0a, 0x7f)],
    ['a varint that never ends', new Uint8Array(20).fill(0x80)],
    ['another wire type', Uint8Array.of(0x08, 0x01, 0x0f)],
  ])('calls %s malformed', (_, bytes) => {
    expect(decodeClientFrame(bytes).kind).toBe('malformed');
  });

  it.each<[string, Uint8Array]>([
    ['an empty frame', new Uint8Array()],
    ['a frame of a later version', Uint8Array.of(0x7a, 0x00)],
    ['no acks', wire({ acks: { acks: [] } })],
    ['257 acks', wire({ acks: { acks: Array.from({ length: 257 }, () => ({ sequence: 1, id: new Uint8Array(8) })) } })],
    ['an ack of sequence 0', wire({ acks: { acks: [{ sequence: 0, id: new Uint8Array(8) }] } })],
    ['an ack beyond 2^53', wire({ acks: { acks: [{ sequence: 2 ** 60, id: new Uint8Array(8) }] } })],
    ['an ack without id', wire({ acks: { acks: [{ sequence: 1 }] } })],
    ['an ack with a long id', wire({ acks: { acks: [{ sequence: 1, id: new Uint8Array(9) }] } })],
    ['a link step without session', wire({ link: { claim: {} } })],
    ['a link without step', wire({ link: { session } })],
    ['an incomplete registration', wire({ link: { session, register: {} } })],
  ])('refuses %s and keeps the connection', (_, bytes) => {
    const frame = decodeClientFrame(bytes);
    expect(frame.kind === 'refused' && frame.problem.code).toBe('malformed');
  });

  it('answers a bad send by its id', () => {
    const frame = decodeClientFrame(wire({ send: { id: 9 } }));
    expect(frame).toMatchObject({ kind: 'refused-send', id: 9, problem: { code: 'malformed' } });
  });

  it('ignores fields it does not know', () => {
    const claim = encodeClientFrame({ kind: 'link', link: { session, step: 'claim' } });
    expect(decodeClientFrame(Uint8Array.from([...claim, 0xa2, 0x06, 0x01, 0x00])).kind).toBe('link');
  });
});

describe('decodeServerFrame', () => {
  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['a frame of a later version', Uint8Array.of(0xf2, 0x07, 0x00)],
    ['bytes that are no protobuf', Uint8Array.of(0xff)],
  ])('ignores %s', (_, bytes) => {
    expect(decodeServerFrame(bytes)).toBeUndefined();
  });

  it('takes a problem code of a later version for an internal one', () => {
    const bytes = encodeWire(sotto.v1.ServerFrame, { problem: { code: 'tomorrow', detail: '' } });
    expect(decodeServerFrame(bytes)).toMatchObject({ kind: 'problem', problem: { code: 'internal' } });
  });

  it('takes an unknown end of linking for an unknown session', () => {
    const bytes = encodeWire(sotto.v1.ServerFrame, { link: { session, ended: { reason: 'tomorrow' } } });
    expect(decodeServerFrame(bytes)).toEqual({
      kind: 'link',
      link: { session: Buffer.from(session), step: 'ended', reason: 'unknown' },
    });
  });

  it('knows a frame that is empty but for its kind', () => {
    const bytes = encodeServerFrame({ kind: 'queue-empty' });
    expect(decodeServerFrame(bytes)).toEqual({ kind: 'queue-empty' });
  });
});
