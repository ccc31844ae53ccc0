import { describe, expect, it } from '@jest/globals';
import type { Delivery } from './box.js';
import { Ledger, type Letter } from './ledger.js';

const letter = (name: string, more: Partial<Letter> = {}): Letter => ({
  name,
  writer: 'w',
  window: Number(name),
  mailboxes: ['box'],
  begunAt: Number(name),
  ...more,
});

function ledgerOf(...letters: readonly Letter[]): Ledger {
  const ledger = new Ledger();
  for (const each of letters) {
    ledger.begin(each);
    ledger.tried(each.name);
    ledger.accept(each.name, 10);
  }
  return ledger;
}

const given = (name: string, sequence: number, connection = 1) => ({
  mailbox: 'box',
  name,
  at: 20,
  sequence,
  id: `id ${sequence}`,
  connection,
});

const checksOf = (ledger: Ledger): readonly string[] => {
  ledger.judge(99);
  return ledger.violations.map(({ check }) => check);
};

describe('the ledger of chaos', () => {
  it('is content when all came once, in order, or again with the same id on the next connection', () => {
    const ledger = ledgerOf(letter('1'), letter('2'));
    for (const delivery of [given('1', 1), given('1', 1, 2), given('2', 2, 2)]) ledger.deliver(delivery);
    expect(ledger.judge(99)).toEqual({ accepted: 2, delivered: 2, stated: 0, lost: 0, duplicated: 0 });
    expect(ledger.violations).toEqual([]);
  });

  it('names what was accepted and did not come, unless a gap was stated', () => {
    const ledger = ledgerOf(letter('1'), letter('2'));
    ledger.deliver(given('1', 1));
    const stated = ledgerOf(letter('1'), letter('2'));
    stated.deliver(given('1', 1));
    stated.gap('box', 2, 2);
    expect(checksOf(ledger)).toEqual(['lost']);
    expect(checksOf(stated)).toEqual([]);
  });

  it('names a letter under two numbers', () => {
    const ledger = ledgerOf(letter('1'));
    ledger.deliver(given('1', 1));
    ledger.deliver(given('1', 2));
    expect(checksOf(ledger)).toEqual(['duplicated']);
  });

  it('names a number with two letters', () => {
    const ledger = ledgerOf(letter('1'), letter('2'));
    ledger.deliver(given('1', 1));
    ledger.deliver({ ...given('2', 1, 2), id: 'another' });
    expect(checksOf(ledger)).toContain('number');
  });

  it('names a number that overtakes, and one that comes twice on a connection', () => {
    const overtaking = ledgerOf(letter('1'), letter('2'));
    for (const delivery of [given('2', 2), given('1', 1, 2)]) overtaking.deliver(delivery);
    const twice = ledgerOf(letter('1'));
    for (const delivery of [given('1', 1), given('1', 1)]) twice.deliver(delivery);
    expect(checksOf(overtaking)).toEqual(['hole']);
    expect(checksOf(twice)).toEqual(['hole']);
  });

  it('names a writer whose letters changed places', () => {
    const ledger = ledgerOf(letter('1'), letter('2'));
    for (const delivery of [given('2', 1), given('1', 2)]) ledger.deliver(delivery);
    expect(checksOf(ledger)).toEqual(['order']);
  });

  it('asks for no order between letters of one window of which one was repeated', () => {
    const ledger = ledgerOf(letter('1', { window: 1 }), letter('2', { window: 1 }));
    ledger.tried('1');
    for (const delivery of [given('2', 1), given('1', 2)]) ledger.deliver(delivery);
    expect(checksOf(ledger)).toEqual([]);
  });

  it('names what nobody sent, and what was never answered', () => {
    const ledger = ledgerOf(letter('1', { mailboxes: ['another'] }));
    ledger.deliver(given('1', 1));
    ledger.begin(letter('2'));
    expect(checksOf(ledger)).toEqual(['phantom', 'lost', 'refused']);
  });
});

describe('the ledger after a restore (D26)', () => {
  /** Accepted at 10 under one incarnation; a backup of that time is put back at 30. */
  function restored(backupAt: number, ...letters: readonly Letter[]): Ledger {
    const ledger = ledgerOf(...letters);
    ledger.hear('box', 'old', 5);
    ledger.restored({ backupAt, stoppedAt: 30 });
    return ledger;
  }
  const under = (incarnation: string, delivery: ReturnType<typeof given>): Delivery => ({ ...delivery, incarnation });

  it('excuses what was accepted since the backup, and nothing else', () => {
    const since = restored(8, letter('1'));
    const before = restored(15, letter('1'));
    for (const ledger of [since, before]) ledger.hear('box', 'new', 40);
    expect(since.judge(99)).toMatchObject({ accepted: 1, delivered: 0, stated: 1, lost: 0 });
    expect(checksOf(before)).toEqual(['lost']);
  });

  it('lets numbers that the backup did not know be given out again, and no others', () => {
    const [since, before] = [restored(8, letter('1'), letter('2')), restored(15, letter('1'), letter('2'))];
    for (const ledger of [since, before]) {
      ledger.deliver(under('old', given('1', 1)));
      ledger.hear('box', 'new', 40);
      ledger.deliver(under('new', given('2', 1, 2)));
    }
    expect(checksOf(since)).toEqual([]);
    expect(checksOf(before)).toEqual(['number']);
  });

  it('lets a letter come under another number when its answer was lost with the restore, and not otherwise', () => {
    const answered = restored(8, letter('1'));
    const unanswered = new Ledger();
    unanswered.begin(letter('1'));
    unanswered.hear('box', 'old', 5);
    for (const ledger of [answered, unanswered]) ledger.deliver(under('old', given('1', 4)));
    unanswered.restored({ backupAt: 8, stoppedAt: 30 });
    unanswered.accept('1', 50);
    for (const ledger of [answered, unanswered]) {
      ledger.hear('box', 'new', 40);
      ledger.deliver(under('new', given('1', 2, 2)));
    }
    expect(checksOf(answered)).toContain('duplicated');
    expect(checksOf(unanswered)).not.toContain('duplicated');
  });

  it('begins anywhere up to where the mailbox had come, and has no hole from there on', () => {
    const ledger = restored(15, letter('1'), letter('2'), letter('3'));
    for (const each of [given('1', 1), given('2', 2)]) ledger.deliver(under('old', each));
    ledger.hear('box', 'new', 40);
    ledger.deliver(under('new', given('2', 2, 2)));
    ledger.deliver(under('new', given('3', 4, 2)));
    expect(checksOf(ledger)).toEqual(['hole']);
  });

  it('names a client that hears the older incarnation, two of them, or of no restore at all', () => {
    const older = restored(15, letter('1', { mailboxes: [] }));
    older.hear('box', 'old', 40);
    expect(checksOf(older)).toEqual(['rule', 'rule']);
    const two = restored(15);
    for (const incarnation of ['new', 'newer']) two.hear('box', incarnation, 40);
    expect(checksOf(two)).toEqual(['rule']);
    expect(checksOf(restored(15))).toEqual(['rule']);
  });
});
