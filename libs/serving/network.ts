import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv4 } from 'node:net';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Network } from '../auth/gate.js';

/** Whether it is an address, or a network in CIDR notation. */
export function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

/**
 * Where requests come from. What `X-Forwarded-For` (or `Forwarded`, RFC 7239) says counts only as far as trusted proxies have written
 * it: from the right, the first address that is not one of them. What else stands there was written by the client.
 */
export class Proxies {
  private readonly trusted = new BlockList();

  /** Addresses and networks; each satisfies `isNetwork`. */
  constructor(trusted: readonly string[]) {
    for (const each of trusted) {
      const [address = '', bits] = each.split('/');
      const family = isIPv4(address) ? 'ipv4' : 'ipv6';
      if (bits === undefined) this.trusted.addAddress(address, family);
      else this.trusted.addSubnet(address, Number(bits), family);
    }
  }

  networkOf({ socket, headers }: Pick<IncomingMessage, 'headers'> & { readonly socket: Remote }): Network {
    let address = plain(socket.remoteAddress ?? '');
    if (address === undefined) return 'unknown' as Network;
    if (!this.isTrusted(address)) return networkOf(address);
    for (const said of forwarded(headers).toReversed()) {
      const before = plain(said);
      if (before === undefined) break;
      address = before;
      if (!this.isTrusted(address)) break;
    }
    return networkOf(address);
  }

  private isTrusted(address: string): boolean {
    return this.trusted.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
  }
}

interface Remote {
  readonly remoteAddress?: string | undefined;
}

function forwarded(headers: IncomingHttpHeaders): readonly string[] {
  const { forwarded: standard } = headers;
  const list = headers['x-forwarded-for'];
  if (list !== undefined) return String(list).split(',');
  if (standard === undefined) return [];
  return standard.split(',').map((element) => /(?:^|;)\s*for=("[^"]*"|[^;\s]*)/i.exec(element)?.[1] ?? '');
}

/** Without quotes, port and zone; an IPv4 address in IPv6 as itself. Undefined: no address. */
function plain(said: string): string | undefined {
  const text = said.trim().replace(/^"(.*)"$/, '$1');
  const bare = /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? (/^[\d.]+:\d+$/.test(text) ? text.split(':')[0] : text) ?? '';
  const address = (bare.split('%')[0] ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
  return isIP(address) === 0 ? undefined : address;
}

/** Whoever has one address in IPv6 has at least a /64, and homes and offices mostly a /56. */
function networkOf(address: string): Network {
  if (isIPv4(address)) return address.split('.').slice(0, 3).join('.') as Network;
  const [head = '', tail] = address.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array<string>(missing).fill('0'), ...right].map((group) => group.padStart(4, '0'));
  return groups.slice(0, 4).join('').slice(0, 14) as Network;
}

const networks = new WeakMap<FastifyRequest, Network>();

/** Must stand before what asks for it. */
export function watchNetworks(fastify: FastifyInstance, proxies: Proxies): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    networks.set(request, proxies.networkOf(request.raw));
    done();
  });
}

export function networkOfRequest(request: FastifyRequest): Network {
  const network = networks.get(request);
  if (network === undefined) throw new Error('a request that no hook has seen');
  return network;
}

/** The network that the request comes from. */
export const TheNetwork = createParamDecorator((_: unknown, context: ExecutionContext): Network =>
  networkOfRequest(context.switchToHttp().getRequest<FastifyRequest>()),
);
