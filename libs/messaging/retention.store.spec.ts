import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Expiry } from '../mailbox/expiry.js';
import type { MailboxNo } from '../mailbox/guards.js';
import { Retention } from './retention.js';
import { MessagingWorld } from './testing.js';

const DAY = 24 * 60 * 60;

describe('retention', () => {
  let world: MessagingWorld;
  let last: MailboxNo;
  beforeAll(async () => {
    world = await MessagingWorld.create();
    const { accountNo } = await world.box();
    const [row] = await world.db.query<{ last: MailboxNo }>(
      `with crowd as (
         insert into mailbox (device, account, list_version, registration) select gen_random_uuid(), $1, 1, 1 from generate_series(1, 3500) returning no
       ) select max(no) as last from crowd`,
      [accountNo],
    );
    last = row!.last;
  });
  afterAll(() => world.drop());

  const retention = (): Retention => {
    const { accounts, tenants } = world.devices;
    return new Retention({ db: world.db, expiry: new Expiry(world.db), accounts, tenants });
  };
  const oldMail = async (sequence: number): Promise<unknown> =>
    world.db.commit(
      `with put as (insert into envelope (mailbox, seq, id, at, registration, kind, content) values ($1, $2, 1, 1, 1, 2, 'x'))
       update mailbox set head = $2 where no = $1`,
      [last, sequence],
    );
  const runsUntilGone = async (of: Retention): Promise<number> => {
    for (let runs = 1; ; runs += 1) if ((await of.sweep()) > 0) return runs;
  };

  it('walks all mailboxes at once when it begins, and then a part of them in each run', async () => {
    const retained = retention();
    await oldMail(1);
    expect(await runsUntilGone(retained)).toBe(1);
    await oldMail(2);
    expect(await runsUntilGone(retained)).toBe(4);
  });

  it('walks all of them in each run when mail is kept so short', async () => {
    await world.devices.tenants.setPolicy(world.devices.tenantId, { retentionSeconds: 200 });
    const retained = retention();
    for (const sequence of [3, 4]) {
      await oldMail(sequence);
      expect(await runsUntilGone(retained)).toBe(1);
    }
    await world.devices.tenants.setPolicy(world.devices.tenantId, { retentionSeconds: 30 * DAY });
  });
});
