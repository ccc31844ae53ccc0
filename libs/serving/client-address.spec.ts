import { describe, expect, it } from '@jest/globals';
import { ClientAddresses, networkOf } from './client-address.js';

describe('the address of a client', () => {
  const addresses = new ClientAddresses(['10.0.0.0/8', '192.0.2.7', 'loopback', '2001:db8::/32']);

  it.each([
    ['no proxy', '198.51.100.4', undefined, '198.51.100.4'],
    ['a header that nobody trusted wrote', '198.51.100.4', '203.0.113.9', '198.51.100.4'],
    ['a trusted proxy', '10.1.2.3', '203.0.113.9', '203.0.113.9'],
    ['a proxy seen as mapped IPv6', '::ffff:10.1.2.3', '203.0.113.9', '203.0.113.9'],
    ['a chain of them', '::1', '203.0.113.9, 2001:db8::1, 192.0.2.7', '203.0.113.9'],
    ['what the client wrote itself', '10.1.2.3', '127.0.0.1, 203.0.113.9', '203.0.113.9'],
    ['a neighbour of a proxy', '192.0.2.8', '203.0.113.9', '192.0.2.8'],
    ['nonsense in the header', '10.1.2.3', 'unknown', '10.1.2.3'],
    ['no address at all', undefined, '203.0.113.9', ''],
  ])('is found behind %s', (_name, peer, forwarded, found) => {
    expect(addresses.of(peer, forwarded)).toBe(found);
  });

  it('takes the header in several lines', () => {
    expect(addresses.of('10.1.2.3', ['203.0.113.9', '10.9.9.9'])).toBe('203.0.113.9');
  });

  it.each([
    ['198.51.100.4', '198.51.100.0/24'],
    ['::ffff:198.51.100.4', '198.51.100.0/24'],
    ['2001:db8:1:2ff::5', '2001:0db8:0001:02::/56'],
    ['2001:DB8:1:200:1:2:3:4', '2001:0db8:0001:02::/56'],
    ['::1', '0000:0000:0000:00::/56'],
    ['', 'unknown'],
  ])('%s is of the network %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
