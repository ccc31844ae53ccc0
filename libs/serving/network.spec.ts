import { describe, expect, it } from '@jest/globals';
import { isNetwork, Proxies } from './network.js';

const proxies = new Proxies(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32']);

function from(remoteAddress: string | undefined, headers: Record<string, string> = {}): string {
  return proxies.networkOf({ socket: { remoteAddress }, headers });
}

describe('the network that a request comes from', () => {
  it('is that of the socket, whatever a client writes into headers', () => {
    expect(from('203.0.113.9')).toBe('203.0.113');
    expect(from('::ffff:203.0.113.9')).toBe('203.0.113');
    expect(from('203.0.113.9', { 'x-forwarded-for': '198.51.100.1' })).toBe('203.0.113');
    expect(from('203.0.113.9', { forwarded: 'for=198.51.100.1' })).toBe('203.0.113');
    expect(from(undefined)).toBe('unknown');
  });

  it('is the last that no trusted proxy has written, so nothing in front of it counts', () => {
    const seen = '198.51.100.1, 203.0.113.5, 10.1.2.3';
    expect(from('10.9.9.9', { 'x-forwarded-for': seen })).toBe('203.0.113');
    expect(from('192.0.2.7', { 'x-forwarded-for': seen })).toBe('203.0.113');
    expect(from('192.0.2.8', { 'x-forwarded-for': seen })).toBe('192.0.2');
    expect(from('10.9.9.9', { forwarded: 'for=198.51.100.1, for="203.0.113.5:4711";proto=https' })).toBe('203.0.113');
    expect(from('10.9.9.9', { forwarded: 'by=10.0.0.1;for="[2001:470::1]:443"' })).toBe('20010470000000');
  });

  it('is the proxy itself where nothing or no address stands in the header', () => {
    expect(from('10.9.9.9')).toBe('10.9.9');
    expect(from('10.9.9.9', { 'x-forwarded-for': '' })).toBe('10.9.9');
    expect(from('10.9.9.9', { 'x-forwarded-for': '203.0.113.5, nonsense' })).toBe('10.9.9');
    expect(from('10.9.9.9', { forwarded: 'for=unknown' })).toBe('10.9.9');
    expect(from('10.9.9.9', { 'x-forwarded-for': '10.0.0.1, 10.0.0.2' })).toBe('10.0.0');
  });

  it('is a /56 of IPv6, however it is written', () => {
    const same = ['2a00:1450:4001:80f::200e', '2a00:1450:4001:0800::', '2A00:1450:4001:8ff:1:2:3:4'];
    expect(new Set(same.map((address) => from(address)))).toEqual(new Set(['2a001450400108']));
    expect(from('2a00:1450:4001:900::1')).toBe('2a001450400109');
    expect(from('::1')).toBe('00000000000000');
    expect(from('fe80::1%eth0')).toBe('fe800000000000');
  });

  it.each(['10.0.0.1', '10.0.0.0/8', '::1', '2001:db8::/32', '0.0.0.0/0'])('takes %s', (text) => {
    expect(isNetwork(text)).toBe(true);
  });

  it.each(['', 'proxy', '10.0.0', '10.0.0.0/33', '10.0.0.0/', '::/129', '10.0.0.0/8/8', '10.0.0.1 '])(
    'refuses %j',
    (text) => {
      expect(isNetwork(text)).toBe(false);
    },
  );
});
