import { Socket } from 'node:net';
import { nodeHost, type Host } from '../../libs/sdk/host.js';
import type { Canaries, Haystack } from './canaries.js';

/**
 * Everything that this process asks of an installation: each credential, code and token that passes becomes a canary, each refusal is
 * kept to be searched, and connections come from a loopback address of their own.
 */
export class Wiretap {
  private readonly refusals: string[] = [];
  private readonly fetch = globalThis.fetch;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- put back as it was
  private readonly connect = Socket.prototype.connect;
  private connected = 0;

  constructor(
    private readonly canaries: Canaries,
    private readonly from: { readonly address: string; readonly exceptPorts: readonly number[] },
  ) {
    canaries.plant('address of the client', from.address);
    globalThis.fetch = this.tapped.bind(this);
    this.comeFrom();
  }

  /** Connections that came from the address. */
  get connections(): number {
    return this.connected;
  }

  stop(): void {
    globalThis.fetch = this.fetch;
    Socket.prototype.connect = this.connect;
  }

  /** What callers were told when they were refused. */
  haystack(): Haystack {
    return { place: 'refusals', text: Buffer.from(this.refusals.join('\n')) };
  }

  /** For devices of the SDK: keys and secrets that it makes, and what goes with an upgrade, are canaries too. */
  host(): Host {
    return {
      ...nodeHost,
      warn: () => undefined,
      random: (length) => {
        const bytes = nodeHost.random(length);
        if (length >= 16) this.canaries.plant('random bytes of the SDK', bytes);
        return bytes;
      },
      openSocket: (url, options) => {
        this.sees(options.headers);
        return nodeHost.openSocket(url, options);
      },
    };
  }

  private async tapped(...[input, init]: Parameters<typeof fetch>): ReturnType<typeof fetch> {
    this.sees(Object.fromEntries(new Headers(init?.headers)));
    if (typeof init?.body === 'string' && init.body.startsWith('grant_type'))
      this.credential('assertion', new URLSearchParams(init.body).get('assertion'));
    const answer = await this.fetch(input, init);
    const text = await answer.clone().text();
    if (answer.status >= 400) this.refusals.push(text);
    else
      for (const [, name = '', value] of text.matchAll(/"(code|token|access_token)":"([^"]+)"/g))
        this.credential(name, value);
    return answer;
  }

  private sees(headers: Readonly<Record<string, string>>): void {
    this.credential('token', headers['authorization']?.split(' ')[1]);
    this.credential('proof', headers['dpop']);
  }

  private readonly known = new Set<string>();

  private credential(name: string, value: string | null | undefined): void {
    if (value === null || value === undefined || value.length < 16 || this.known.has(value)) return;
    this.known.add(value);
    this.canaries.plant(name, value);
    const signature = /^[\w-]+\.[\w-]+\.([\w-]{20,})$/.exec(value)?.[1];
    if (signature !== undefined) this.canaries.plant(`signature of a ${name}`, signature);
  }

  /** `fetch` and `ws` both end in `net.connect`, and neither of them lets a caller of the SDK choose the address. */
  private comeFrom(): void {
    const { connect } = this;
    const { address, exceptPorts } = this.from;
    const counted = (): void => {
      this.connected += 1;
    };
    Socket.prototype.connect = function (this: Socket, ...args: never[]) {
      const [first] = args as unknown as readonly [unknown];
      const options = (Array.isArray(first) ? first[0] : first) as { port?: number | string; localAddress?: string };
      if (typeof options === 'object' && options.port !== undefined && !exceptPorts.includes(Number(options.port))) {
        options.localAddress = address;
        counted();
      }
      return Reflect.apply(connect, this, args) as Socket;
    };
  }
}
