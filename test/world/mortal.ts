import { cpSync, existsSync } from 'node:fs';
import { decodeClientFrame, decodeServerFrame } from '../../libs/protocol/frames.js';
import type { LinkStep } from '../../libs/protocol/link-frames.js';
import { SocketRefused, type Host, type HttpAnswer, type Socket } from '../../libs/sdk/host.js';

/** Moments of linking at which a side can die: `in`, as something arrives and before it is looked at; `out`, when it has just gone out. */
export type Moment =
  | `in ${'claimed' | 'hello' | 'account' | 'registered' | 'statement' | 'done'}`
  | `out ${'claim' | 'hello' | 'account' | 'register' | 'statement' | 'done'}`
  /** The list is signed and does not reach the server; it is stored and the answer is lost. */
  | 'list unsent'
  | 'list stored';

/** What the sealed messages are, in their order. */
const SEALED = {
  new: { out: ['hello', 'statement'], in: ['account', 'done'] },
  old: { out: ['account', 'done'], in: ['hello', 'statement'] },
};
const LISTS = '/v1/devices/lists';

/**
 * A process that dies without a word, as after kill -9: from one moment on nothing goes out or comes in, its sockets are cut, and what its disk
 * held at that moment is copied to `remains`. The objects of the dead live on and reach nobody.
 */
export class Mortal {
  readonly host: Host;
  private readonly sockets: Socket[] = [];
  private readonly sealed = { in: 0, out: 0 };
  private readonly ended = new AbortController();

  constructor(
    inner: Host,
    private readonly options: {
      readonly side: 'new' | 'old';
      readonly dieAt: Moment | undefined;
      readonly folder: string;
      readonly remains: string;
    },
  ) {
    this.host = {
      ...inner,
      fetch: (url, request) => this.fetch(() => inner.fetch(url, request), url),
      openSocket: async (url, socket) => {
        if (this.dead) throw new SocketRefused(undefined);
        const opened = await inner.openSocket(url, {
          ...socket,
          onMessage: (bytes) => {
            if (this.at('in', decodeServerFrame(bytes)) && !this.dead) this.die();
            if (!this.dead) socket.onMessage(bytes);
          },
        });
        this.sockets.push(opened);
        return {
          ...bound(opened),
          send: (bytes) => {
            this.send(opened, bytes);
          },
        };
      },
    };
  }

  get dead(): boolean {
    return this.ended.signal.aborted;
  }

  /** Aborts at the death, for what waits in the dead process. */
  get death(): AbortSignal {
    return this.ended.signal;
  }

  die(): void {
    const { folder, remains } = this.options;
    if (existsSync(folder)) cpSync(folder, remains, { recursive: true });
    this.ended.abort();
    // What is in the kernel's buffer still goes out.
    setTimeout(() => {
      for (const socket of this.sockets) socket.terminate();
    }, 100);
  }

  private send(socket: Socket, bytes: Uint8Array): void {
    if (this.dead) return;
    socket.send(bytes);
    if (this.at('out', decodeClientFrame(bytes))) this.die();
  }

  private async fetch(ask: () => Promise<HttpAnswer>, url: string): Promise<HttpAnswer> {
    const list = new URL(url).pathname === LISTS ? this.options.dieAt : undefined;
    if (list === 'list unsent') this.die();
    this.mustLive();
    const answer = await ask();
    if (list === 'list stored') this.die();
    this.mustLive();
    return answer;
  }

  private mustLive(): void {
    if (this.dead) throw new Error('dead');
  }

  private at(way: 'in' | 'out', frame: object | undefined): boolean {
    if (this.dead || frame === undefined || !('link' in frame)) return false;
    const { step } = frame.link as LinkStep;
    const name = step === 'sealed' ? SEALED[this.options.side][way][this.sealed[way]++] : step;
    return this.options.dieAt === `${way} ${String(name)}`;
  }
}

function bound(socket: Socket): Omit<Socket, 'send'> {
  return {
    close: () => {
      socket.close();
    },
    terminate: () => {
      socket.terminate();
    },
    pause: () => {
      socket.pause();
    },
    resume: () => {
      socket.resume();
    },
  };
}
