import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';
import { FrameWriter } from './frame-writer.js';

describe('FrameWriter', () => {
  const http: Server = createServer();
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  let client: WebSocket;
  let socket: WebSocket;
  let wire: Duplex;
  let writer: FrameWriter;
  let written: number;

  beforeAll(async () => {
    http.on('upgrade', (request: IncomingMessage, under: Duplex, head: Buffer) => {
      server.handleUpgrade(request, under, head, (accepted) => server.emit('connection', accepted, under));
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
  });
  beforeEach(async () => {
    const accepted = once(server, 'connection');
    client = new WebSocket(`ws://127.0.0.1:${String((http.address() as AddressInfo).port)}`);
    [socket, wire] = (await accepted) as [WebSocket, Duplex];
    if (client.readyState !== client.OPEN) await once(client, 'open');
    written = 0;
    writer = new FrameWriter({ socket, wire }, () => (written += 1));
  });
  afterAll(async () => {
    for (const each of server.clients) each.terminate();
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  });

  async function heard(count: number): Promise<string[]> {
    const frames: string[] = [];
    client.on('message', (data: Buffer) => frames.push(data.toString()));
    while (frames.length < count) await once(client, 'message');
    return frames;
  }

  it('holds back what is written within one turn, also behind settled promises, and lets all of it go in order', async () => {
    const frames = heard(4);
    writer.write(Buffer.from('1'));
    await Promise.resolve();
    writer.write(Buffer.from('2'));
    expect(wire.writableCorked).toBe(1);
    expect(wire.writableLength).toBeGreaterThan(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(wire.writableCorked).toBe(0);
    expect(wire.writableLength).toBe(0);
    writer.write(Buffer.from('3'));
    writer.write(Buffer.from('4'));
    await expect(frames).resolves.toEqual(['1', '2', '3', '4']);
    expect(written).toBe(4);
  });

  it('lets a frame go before the close that follows it in the same turn', async () => {
    const frames = heard(1);
    const closed = once(client, 'close');
    writer.write(Buffer.from('last'));
    socket.close(1000);
    await expect(frames).resolves.toEqual(['last']);
    expect(await closed).toEqual([1000, Buffer.alloc(0)]);
  });

  it('tells of a frame that nobody can have any more, and throws nothing', async () => {
    socket.terminate();
    writer.write(Buffer.from('late'));
    await once(client, 'close');
    await new Promise((resolve) => setImmediate(resolve));
    expect(written).toBe(1);
  });
});
