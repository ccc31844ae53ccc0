import { describe, expect, it } from '@jest/globals';
import { parseChanges } from './commands/tenant.js';
import { parseScopes } from './commands/token.js';
import { sumOf } from './demo-stage.js';
import { nodeDiagnosis } from './doctor-checks.js';
import { diskDiagnosis } from './doctor-disk.js';
import { movedHost } from './moved-host.js';
import { checkedName } from './people.js';
import { explain, missingLibrary, Trouble } from './trouble.js';
import { SottoError } from '../../../libs/sdk/errors.js';
import { nodeHost } from '../../../libs/sdk/host.js';
import { problem } from '../../../libs/protocol/problems.js';

describe('what is typed', () => {
  it('reads policy changes by the schema', () => {
    expect(parseChanges(['devicesPerAccount=10'])).toEqual({ devicesPerAccount: 10 });
    expect(parseChanges(['linking=user+admin', 'idleDays=30'])).toEqual({ linking: 'user+admin', idleDays: 30 });
    expect(() => parseChanges(['linking=admin'])).toThrow(Trouble);
    expect(() => parseChanges(['devicesPerAccount=many'])).toThrow(Trouble);
    expect(parseChanges(['tokens=bearer', 'idleDays=30'])).toEqual({ tokens: 'bearer', idleDays: 30 });
    expect(() => parseChanges(['tokens=none'])).toThrow(Trouble);
    expect(() => parseChanges(['devices=10'])).toThrow(/There is no policy value "devices"/);
    expect(() => parseChanges(['devicesPerAccount=0'])).toThrow(Trouble);
    expect(() => parseChanges(['devicesPerAccount'])).toThrow(Trouble);
  });

  it('takes scopes as words or with commas', () => {
    expect(parseScopes(['accounts,policy', 'tokens'])).toEqual(['accounts', 'policy', 'tokens']);
    expect(() => parseScopes(['admin'])).toThrow(/There is no scope "admin"/);
  });

  it.each(['', '..', 'a/b', 'Alice', '-x', 'a'.repeat(40)])('refuses the name %j', (name) => {
    expect(() => checkedName('person', name)).toThrow(Trouble);
  });
});

describe('what is read', () => {
  const metrics =
    'sends_total{outcome="mismatch"} 2\nsends_total{outcome="accepted"} 3\nsends_total_more{outcome="mismatch"} 9\nstored 7\n';
  it('sums a counter over its labels', () => {
    expect(sumOf(metrics, { name: 'sends_total', label: 'outcome="mismatch"' })).toBe(2);
    expect(sumOf(metrics, { name: 'sends_total', label: '' })).toBe(5);
    expect(sumOf(metrics, { name: 'stored', label: '' })).toBe(7);
  });

  it.each([
    ['20.11.0', 'bad'],
    ['24.8.9', 'bad'],
    ['24.9.0', 'good'],
    ['26.0.0', 'good'],
  ])('Node %s is %s', (version, level) => {
    expect(nodeDiagnosis(version).level).toBe(level);
  });

  it.each([
    [50e6, 'bad'],
    [500e6, 'note'],
    [5e9, 'good'],
  ])('%d bytes of disk are %s', (free, level) => {
    expect(diskDiagnosis(free, '/data').level).toBe(level);
  });
});

describe('a server that has moved', () => {
  it('gets what was meant for its old address, and nothing else does', async () => {
    const asked: string[] = [];
    const host = movedHost(
      {
        ...nodeHost,
        fetch: (url) => {
          asked.push(url);
          return Promise.resolve({ status: 200, body: new Uint8Array() });
        },
      },
      { from: 'http://127.0.0.1:8080', to: 'http://127.0.0.1:9000' },
    );
    const request = { method: 'GET', headers: {} } as const;
    await host.fetch('http://127.0.0.1:8080/v1/server', request);
    await host.fetch('http://127.0.0.1:80801/v1/server', request);
    expect(asked).toEqual(['http://127.0.0.1:9000/v1/server', 'http://127.0.0.1:80801/v1/server']);
  });
});

describe('what went wrong', () => {
  it('is told with what to do, and an exit code', () => {
    expect(explain(new Trouble('It broke.', 'Mend it.', 2))).toEqual({ lines: ['It broke.', 'Mend it.'], exitCode: 2 });
    expect(explain(new SottoError('store_in_use'))).toMatchObject({
      lines: ['store_in_use', expect.stringContaining('Another process')],
      exitCode: 1,
    });
    const refused = new SottoError('device_limit', { problem: problem('device_limit', 'six') });
    expect(explain(refused).lines[0]).toContain('six');
    expect(explain(new TypeError('oops')).lines[0]).toContain('fault of Sotto');
  });

  it('names the system library that is missing', () => {
    const error = Object.assign(new Error('libstdc++.so.6: cannot open shared object file: No such file'), {
      code: 'ERR_DLOPEN_FAILED',
    });
    expect(missingLibrary(error)).toMatchObject({
      what: expect.stringContaining('libstdc++.so.6'),
      advice: expect.stringContaining('libstdc++6'),
    });
    expect(missingLibrary(new Error('other'))).toBeUndefined();
  });
});
