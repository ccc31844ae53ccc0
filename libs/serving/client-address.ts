import { BlockList, isIP } from 'node:net';

/** What Fastify's `trustProxy` calls by name. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.1/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** Where a request comes from, as far as it can be believed: the last address that no trusted proxy has. */
export class ClientAddresses {
  private readonly trusted = new BlockList();

  /** Addresses and networks, as in SOTTO_TRUSTED_PROXIES. Throws for what is none. */
  constructor(trustedProxies: readonly string[]) {
    for (const place of trustedProxies.flatMap((name) => NAMED[name] ?? [name])) {
      const [address = '', prefix] = place.split('/');
      const family = familyOf(address);
      if (prefix === undefined) this.trusted.addAddress(address, family);
      else this.trusted.addSubnet(address, Number(prefix), family);
    }
  }

  /** `forwarded`: the header `X-Forwarded-For`, nearest last. What a client writes into it stands before what a proxy has seen, and is not reached. */
  of(peer: string | undefined, forwarded: string | readonly string[] | undefined): string {
    let address = peer ?? '';
    const before = [forwarded ?? []].flat().flatMap((line) => line.split(','));
    while (this.isTrusted(address)) {
      const next = before.pop()?.trim() ?? '';
      if (isIP(next) === 0) break;
      address = next;
    }
    return address;
  }

  private isTrusted(address: string): boolean {
    return isIP(address) !== 0 && this.trusted.check(address, familyOf(address));
  }
}

/** The network that one client is likely to have to itself: /24 of IPv4, /56 of IPv6. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
  if (isIP(mapped) === 4) return `${mapped.split('.').slice(0, 3).join('.')}.0/24`;
  if (isIP(mapped) === 6) return `${groupsOf(mapped).slice(0, 4).join(':').slice(0, -2)}::/56`;
  return 'unknown';
}

/** Eight groups of four digits. */
function groupsOf(address: string): readonly string[] {
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  return [...left, ...zeros, ...right].map((group) => group.toLowerCase().padStart(4, '0'));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
