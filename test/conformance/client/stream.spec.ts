import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocketServer } from 'ws';
import { Stream } from './stream.js';
import { decode, encode } from './wire.js';

const WINDOW = 256;

/** Gives a window with the first bytes that it writes, and one more for an ack of all of it. */
describe('the stream of the kit', () => {
  let server: WebSocketServer;

  beforeEach(async () => {
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
  });

  afterEach(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });

  it('acks a window that stood there before anybody asked for it', async () => {
    server.on('connection', (socket) => {
      socket.send(deliveries(1, WINDOW));
      socket.on('message', (bytes: Buffer) => {
        const { acks } = decode<{ acks?: { acks: { sequence: number }[] } }>('ClientFrame', bytes);
        if (acks?.acks.at(-1)?.sequence === WINDOW) socket.send(deliveries(WINDOW + 1, WINDOW + 1));
      });
    });
    const stream = await Stream.open(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, {});
    await stream.until(() => stream.mail.length === WINDOW, 'a window');

    const mail = await stream.drain(WINDOW + 1);

    expect(mail.map(({ sequence }) => sequence)).toEqual(Array.from({ length: WINDOW + 1 }, (_, index) => index + 1));
    stream.cut();
  });

  it('drains to the head of the beginning, over more than a window, and what was sent since', async () => {
    server.on('connection', (socket) => {
      socket.send(ready(WINDOW + 1));
      socket.send(deliveries(1, WINDOW));
      socket.on('message', (bytes: Buffer) => {
        const { acks } = decode<{ acks?: { acks: { sequence: number }[] } }>('ClientFrame', bytes);
        if (acks?.acks.at(-1)?.sequence === WINDOW) socket.send(deliveries(WINDOW + 1, WINDOW + 3));
      });
    });
    const stream = await Stream.open(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, {});
    await stream.until(() => stream.mail.length === WINDOW, 'a window');

    expect((await stream.drainToHead()).length).toBe(WINDOW + 3);
    stream.cut();
  });

  it('has seen all up to the head also when newer mail comes in the same frame', async () => {
    server.on('connection', (socket) => {
      socket.send(ready(2));
      socket.send(deliveries(1, 3));
    });
    const stream = await Stream.open(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, {});

    expect(await stream.upToHead()).toBe(2);
    stream.cut();
  });
});

function ready(head: number): Buffer {
  return encode('ServerFrame', { ready: { head } });
}

function deliveries(from: number, to: number): Buffer {
  const envelopes = Array.from({ length: to - from + 1 }, (_, index) => {
    return { sequence: from + index, id: Buffer.alloc(8, from + index), content: Buffer.from('sealed') };
  });
  return encode('ServerFrame', { deliveries: { envelopes } });
}
