import { describe, expect, it } from '@jest/globals';
import { explainFailure, explainThrown } from './embedded-binaries.js';

describe('what the embedded PostgreSQL says when it cannot start', () => {
  it.each([
    [
      'postgres: error while loading shared libraries: libstdc++.so.6: cannot open shared object file',
      'missing-library',
      'apt-get install libstdc++6',
    ],
    ['FATAL:  could not write to file "pg_wal/xlogtemp.1": No space left on device', 'disk-full', 'Free some space'],
    ['LOG:  could not bind IPv4 address "127.0.0.1": Address already in use', 'port-taken', 'another port'],
    ['DETAIL:  The data directory was initialized by PostgreSQL version 17, which', 'wrong-version', 'start empty'],
    ['PANIC:  could not locate a valid checkpoint record at 0/1', 'broken-data', 'mv /data /data.broken'],
    ['something new', 'failed', '/data/log'],
  ])('%s -> %s', (output, kind, advice) => {
    expect(explainFailure(output, '/data')).toMatchObject({ kind, advice: expect.stringContaining(advice) });
  });

  it('names the missing library', () => {
    const failure = explainFailure('initdb: error while loading shared libraries: libgcc_s.so.1: cannot open', '/data');
    expect(failure.message).toContain('libgcc_s.so.1 is missing');
  });

  it('explains a folder of another user, and leaves errors alone that it does not know', () => {
    const denied = Object.assign(new Error('denied'), { code: 'EACCES', path: '/data/PG_VERSION' });
    expect(explainThrown(denied, '/data')).toMatchObject({ kind: 'failed', advice: expect.stringContaining('chown') });
    const bug = new Error('bug');
    expect(explainThrown(bug, '/data')).toBe(bug);
  });
});
