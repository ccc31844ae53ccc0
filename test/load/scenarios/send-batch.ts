import type { MailboxNo } from '../../../libs/mailbox/guards.js';
import { Mailbox, type Append } from '../../../libs/mailbox/mailbox.js';
import { systemIds } from '../../../libs/platform/ids.js';
import { byteaArray, int2Array, int8Array, int8BytesArray } from '../../../libs/platform/pg-arrays.js';
import type { Db } from '../../../libs/platform/postgres.js';
import { median, type Figure } from '../figures.js';
import { seed } from '../people.js';
import type { Scenario } from '../scenario.js';

const HOUSEHOLDS = 600;
const ENVELOPES = 3;
const BYTES = 600;

/** The one statement of a send beside one plain multi-row INSERT of the same rows, turn by turn, one writer, committed and waited for. */
export const sendBatch: Scenario = {
  name: 'send batch',
  about: 'the statement that stores beside a plain INSERT of the same rows',
  async run({ db, world }, { quick, rounds, seconds }) {
    const mailbox = new Mailbox(db);
    await db.commit('drop table if exists plain');
    await db.commit('create table plain (like envelope including all)');
    const players = await seed(db, { tenantId: world.tenantId, households: HOUSEHOLDS, devices: 1 });
    const rows = await db.query<{ no: MailboxNo }>(
      'select no from mailbox where device = any($1::uuid[]) order by no',
      [players.flat().map(({ deviceId }) => deviceId)],
    );
    const mailboxes = rows.map(({ no }) => no);
    const figures: Figure[] = [];
    let sequence = 0;
    for (const requests of quick ? [1, 100] : [1, 20, 100, 200]) {
      const [values, floors]: [number[], number[]] = [[], []];
      for (let round = 0; round < rounds; round += 1) {
        floors.push(
          await rate(seconds / 2, requests, async () => {
            sequence += requests * ENVELOPES;
            await insertPlain(db, batchOf(requests, mailboxes), sequence);
          }),
        );
        values.push(
          await rate(seconds / 2, requests, async () => {
            const { verdicts } = await mailbox.append(batchOf(requests, mailboxes), { wait: false });
            if (verdicts.some((verdict) => verdict !== 'stored')) throw new Error(`not stored: ${verdicts.join()}`);
          }),
        );
        await db.commit('truncate plain');
        await db.commit('truncate envelope');
      }
      const metric = `envelopes, ${String(requests)} requests at once`;
      figures.push({
        scenario: 'send batch',
        metric,
        unit: '/s',
        better: 'more',
        values,
        floors,
        against: 'the INSERT',
      });
    }
    return figures;
  },
};

/** Envelopes a second, of the median batch: others who use the machine move it less than the mean. */
async function rate(seconds: number, requests: number, commit: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  const start = performance.now();
  while (performance.now() - start < seconds * 1_000) {
    const before = performance.now();
    await commit();
    times.push(performance.now() - before);
  }
  return (1_000 * requests * ENVELOPES) / median(times);
}

async function insertPlain(db: Db, batch: readonly Append[], sequence: number): Promise<void> {
  const items = batch.flatMap((request) => request.items.map((item) => ({ ...item, sender: request.sender })));
  await db.commit(
    `insert into plain (mailbox, seq, id, at, registration, kind, sender, content)
     select mailbox, $1::int8 + no, id, 0, registration, kind, sender, content
     from unnest($2::int8[], $3::int8[], $4::int2[], $5::int2[], $6::bytea[], $7::bytea[]) with ordinality
       as i(mailbox, id, registration, kind, sender, content, no)`,
    [
      sequence,
      int8Array(items.map((item) => item.mailbox)),
      int8BytesArray(items.map((item) => item.id)),
      int2Array(items.map((item) => item.registrationId)),
      int2Array(items.map((item) => item.kind)),
      byteaArray(items.map((item) => item.sender)),
      byteaArray(items.map((item) => item.content)),
    ],
    { name: 'plain' },
  );
}

function batchOf(requests: number, mailboxes: readonly MailboxNo[]): Append[] {
  const content = systemIds.bytes(BYTES);
  return Array.from({ length: requests }, () => {
    const key = systemIds.bytes(16);
    key.writeUIntBE(Date.now(), 0, 6);
    const first = systemIds.bytes(2).readUInt16BE() % (mailboxes.length - ENVELOPES);
    const [senderMailbox = 0 as MailboxNo, ...to] = mailboxes.slice(first, first + ENVELOPES + 1);
    const items = to.map((mailbox) => ({
      mailbox,
      listVersion: 1,
      registrationId: 1,
      kind: 2 as const,
      control: false,
      id: systemIds.bytes(8),
      content,
    }));
    return { senderMailbox, ownListVersion: 1, key, digest: systemIds.bytes(32), sender: systemIds.bytes(32), items };
  });
}
