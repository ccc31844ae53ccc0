import { Guards, type MailboxNo } from '../../libs/mailbox/guards.js';
import { Mailbox, type Append } from '../../libs/mailbox/mailbox.js';
import { systemIds } from '../../libs/platform/ids.js';
import { migrate } from '../../libs/platform/migrate.js';
import { byteaArray, int2Array, int8Array, int8BytesArray } from '../../libs/platform/pg-arrays.js';
import { Db } from '../../libs/platform/postgres.js';
import { startThrowAwayPostgres } from '../../libs/platform/throw-away-postgres.js';
import type { DeviceId, ListVersion, RegistrationId } from '../../libs/protocol/ids.js';
import { folderAbove } from '../../libs/serving/project-folder.js';
import { crowd } from './crowd.js';

/**
 * A first figure: the send batch beside one plain multi-row INSERT of the same rows, turn by turn on the same PostgreSQL.
 * One writer, committed and waited for; each request has three envelopes of 600 bytes.
 */
const MAILBOXES = 600;
const ENVELOPES = 3;
const BYTES = 600;
const ROUNDS = 5;
const SECONDS_A_ROUND = 2;

interface Figure {
  readonly envelopesPerSecond: number;
  readonly p50: number;
}

let sequence = 0;
if (process.argv.includes('--crowd')) {
  const numbers = process.argv.slice(process.argv.indexOf('--crowd') + 1).map(Number);
  const [devices = 10_000, perSecond = 500, seconds = 120] = numbers;
  process.exit((await crowd({ devices, perSecond, seconds })) ? 0 : 1);
}
const postgres = await startThrowAwayPostgres();
try {
  await migrate(postgres.url, folderAbove(import.meta.dirname, 'prisma/migrations'));
  const db = Db.connect({ url: postgres.url, max: 2, application: 'bench' });
  await db.commit('create table plain (like envelope including all)');
  const mailbox = new Mailbox(db);
  await mailbox.ensureKeyPartitions(Date.now());
  const mailboxes = await openMailboxes(db);
  for (const requests of [1, 20, 100]) await compare(requests, { db, mailbox, mailboxes });
  await db.close();
} finally {
  await postgres.stop();
}

async function compare(
  requests: number,
  { db, mailbox, mailboxes }: { readonly db: Db; readonly mailbox: Mailbox; readonly mailboxes: readonly MailboxNo[] },
): Promise<void> {
  const floors: Figure[] = [];
  const ours: Figure[] = [];

  for (let round = 0; round <= ROUNDS; round += 1) {
    const floor = await measure(requests, async () => {
      sequence += requests * ENVELOPES;
      await insertPlain(db, batchOf(requests, mailboxes), sequence);
    });
    const own = await measure(requests, async () => {
      const { verdicts } = await mailbox.append(batchOf(requests, mailboxes), { wait: false });
      if (verdicts.some((verdict) => verdict !== 'stored')) throw new Error(`not stored: ${verdicts.join()}`);
    });
    // The first round warms both up.
    if (round === 0) continue;
    floors.push(floor);
    ours.push(own);
  }
  print(requests, { name: 'plain INSERT', figures: floors }, undefined);
  print(requests, { name: 'send batch', figures: ours }, floors);
}

function print(
  requests: number,
  { name, figures }: { readonly name: string; readonly figures: readonly Figure[] },
  floors: readonly Figure[] | undefined,
): void {
  const rate = median(figures.map(({ envelopesPerSecond }) => envelopesPerSecond));
  const p50 = median(figures.map((figure) => figure.p50));
  const ratio =
    floors === undefined
      ? ''
      : `  ${(rate / median(floors.map(({ envelopesPerSecond }) => envelopesPerSecond))).toFixed(2)} of the plain rate, ${(p50 / median(floors.map((figure) => figure.p50))).toFixed(2)} times its p50`;
  console.log(
    `${String(requests).padStart(3)} requests a batch  ${name.padEnd(13)} ${rate.toFixed(0).padStart(7)} envelopes/s  p50 ${p50.toFixed(2).padStart(6)} ms${ratio}`,
  );
}

async function measure(requests: number, commit: () => Promise<void>): Promise<Figure> {
  const times: number[] = [];
  const start = performance.now();
  while (performance.now() - start < SECONDS_A_ROUND * 1000) {
    const before = performance.now();
    await commit();
    times.push(performance.now() - before);
  }
  return {
    envelopesPerSecond: (times.length * requests * ENVELOPES * 1000) / (performance.now() - start),
    p50: median(times),
  };
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

async function openMailboxes(db: Db): Promise<MailboxNo[]> {
  const guards = new Guards();
  return db.transact(async (tx) => {
    const opened = [];
    for (let account = 1; account <= MAILBOXES; account += 1)
      opened.push(
        await guards.open(tx, {
          accountNo: account,
          deviceId: systemIds.uuid<DeviceId>(),
          registrationId: 1 as RegistrationId,
          listVersion: 1 as ListVersion,
        }),
      );
    return opened;
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}
