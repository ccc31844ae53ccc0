import { describe, expect, it } from '@jest/globals';
import { faultsOfDoor, type Door } from './open-door.js';

const CLOSED: Door = { host: '127.0.0.1', tls: false, trustedProxies: [], demoTenant: true };

describe('faultsOfDoor', () => {
  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('lets %s be, demo tenant or not', (host) => {
    expect(faultsOfDoor({ ...CLOSED, host })).toEqual([]);
  });

  it.each(['0.0.0.0', '::', '10.0.0.7', '127.evil.example', 'chat.example'])('refuses %s without TLS', (host) => {
    expect(faultsOfDoor({ ...CLOSED, host, demoTenant: false })).toEqual([
      expect.stringContaining('SOTTO_TLS_CERT_FILE'),
    ]);
  });

  it('refuses the demo tenant even behind TLS', () => {
    expect(faultsOfDoor({ ...CLOSED, host: '0.0.0.0', tls: true })).toEqual([expect.stringContaining('demo tenant')]);
  });

  it('opens behind TLS or a trusted proxy', () => {
    expect(faultsOfDoor({ ...CLOSED, host: '0.0.0.0', tls: true, demoTenant: false })).toEqual([]);
    expect(faultsOfDoor({ ...CLOSED, host: '0.0.0.0', trustedProxies: ['10.0.0.1'], demoTenant: false })).toEqual([]);
  });
});
