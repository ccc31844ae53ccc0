import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Device } from './device.js';

/** A stream whose client takes one byte a second from its socket, and answers nothing. */
export class SlowReader {
  private bytes = 0;
  private isOver = false;
  private readonly tick: NodeJS.Timeout;

  private constructor(private readonly socket: Socket) {
    socket.on('error', () => undefined);
    for (const end of ['end', 'close'] as const)
      socket.on(end, () => {
        this.isOver = true;
      });
    this.tick = setInterval(() => {
      this.bytes += (socket.read(1) as Buffer | null)?.length ?? 0;
    }, 1_000);
  }

  static async open(device: Device): Promise<SlowReader> {
    const { url, headers } = await device.upgrade();
    const upgrade = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
      'sec-websocket-protocol': 'sotto.v1',
    };
    return new Promise((resolve, reject) => {
      const asked = request(url.replace(/^ws/, 'http'), { headers: { ...headers, ...upgrade } });
      asked.once('upgrade', (_, socket) => {
        socket.pause();
        resolve(new SlowReader(socket));
      });
      asked.once('response', (answer) => {
        answer.resume();
        reject(new Error(`the upgrade was answered with ${String(answer.statusCode)}`));
      });
      asked.once('error', reject);
      asked.end();
    });
  }

  /** Takes all that is left, as fast as it comes. `bytes`: everything that was read, from the first one on. */
  async rest(patience: number): Promise<{ readonly isOver: boolean; readonly bytes: number }> {
    clearInterval(this.tick);
    this.socket.on('data', (data: Buffer) => (this.bytes += data.length));
    this.socket.resume();
    for (const end = Date.now() + patience; Date.now() < end && !this.isOver;) await sleep(50);
    this.socket.destroy();
    return { isOver: this.isOver, bytes: this.bytes };
  }
}
