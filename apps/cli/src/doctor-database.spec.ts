import { describe, expect, it } from '@jest/globals';
import {
  connectionDiagnosis,
  depthDiagnosis,
  jobDiagnosis,
  outboxDiagnosis,
  snapshotDiagnosis,
} from './doctor-database.js';

describe('what doctor says of the database', () => {
  it('names the oldest snapshot of all holders, and who holds it', () => {
    const session = { holder: 'session', name: 'process 7 (psql, idle in transaction)', seconds: 70, transactions: 9 };
    const slot = { holder: 'slot', name: 'slot old (not in use)', seconds: 0, transactions: 2_000_000 };
    expect(snapshotDiagnosis({ snapshots: [session, slot] as never, seesAll: true })).toMatchObject({
      level: 'bad',
      what: 'the oldest snapshot is 0 s old and 2000000 transactions behind: slot old (not in use)',
    });
    const alone = snapshotDiagnosis({ snapshots: [session] as never, seesAll: true });
    expect(alone.level).toBe('note');
    expect(alone.what).toContain('70 s old and 9 transactions behind: process 7 (psql, idle in transaction)');
    const stuck = snapshotDiagnosis({ snapshots: [{ ...session, seconds: 3_600 }] as never, seesAll: true });
    expect(stuck.level).toBe('bad');
    expect(snapshotDiagnosis({ snapshots: [], seesAll: true }).level).toBe('good');
  });

  it('says when the role cannot see the sessions of others', () => {
    expect(snapshotDiagnosis({ snapshots: [], seesAll: false })).toMatchObject({
      level: 'note',
      advice: expect.stringContaining('pg_read_all_stats'),
    });
  });

  it.each([
    [79, 'good'],
    [80, 'note'],
    [95, 'bad'],
  ])('judges %d of 100 connections: %s', (connections, level) => {
    expect(connectionDiagnosis({ connections, maxConnections: 100 }).level).toBe(level);
  });

  it('says how deep the deepest mailbox is, and how late the worker', () => {
    const deep = depthDiagnosis({ envelopes: 60_000, bytes: 3 * 1024 * 1024, oldest: 7_200_000 });
    expect(deep).toMatchObject({ level: 'note' });
    expect(deep.what).toBe('the deepest mailbox holds 60000 envelopes, 3.0 MB; the oldest is 2 h old');
    expect(depthDiagnosis({ envelopes: 0, bytes: 0, oldest: 0 }).level).toBe('good');
    expect([outboxDiagnosis(0), outboxDiagnosis(59), outboxDiagnosis(61)].map(({ level }) => level)).toEqual([
      'good',
      'good',
      'bad',
    ]);
    expect([jobDiagnosis(10), jobDiagnosis(301)].map(({ level }) => level)).toEqual(['good', 'bad']);
  });
});
