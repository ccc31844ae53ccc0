import type { Clause, Trial } from '../clause.js';
import { own } from '../control/control.js';
import { mailboxOf, settled, textOf, timeUntil, upTo, verdictOf } from '../client/look.js';
import type { Device } from '../client/device.js';
import { UpgradeRefused } from '../client/stream.js';
import { uuidText } from '../client/wire.js';

const WITHIN = 2_000;
const REVOKED = [4403, 4409];
const SUSPENDED = 4005;

export const d17: Clause = {
  id: 'D17',
  title: 'Revocation and suspension',
  says: [
    'When it is answered, one commit has done it. Revocation changes list version, mailbox (closed for good, epoch + 1), prekeys and push token; senders get a mismatch; its envelopes are unreachable at once.',
    'Suspension is reversible: it closes its mailboxes and changes no list, key or mail; senders get closed; waiting mail keeps its age and is readable again when the suspension is lifted.',
    'Both: no send of that device commits later, no read or ack succeeds, and within 2 s on every node, Redis up or not, its sockets are closed and its tokens refused.',
  ],
  parts: [
    { mark: 'N', name: 'a revoked device is out, everywhere, within 2 s', run: async (t) => revoked(t) },
    {
      mark: 'N',
      name: 'no send of a revoked device commits after the answer',
      run: async (t) => {
        const [one, two] = t.twoNodes();
        const [alice, bob] = await (await t.tenant()).two();
        for (const round of upTo(5)) {
          const laptop = await alice.link();
          const line = await laptop.listen(round % 2 === 0 ? one : two);
          let revokedAt = Infinity;
          const late: string[] = [];
          const sending = (async (): Promise<void> => {
            const until = Date.now() + 5_000;
            for (let step = 0; line.isOpen && Date.now() < until && Date.now() < revokedAt + 1_000; step += 1) {
              const begun = performance.timeOrigin + performance.now();
              const letter = laptop.letter([bob], `${round} ${step}`);
              const answer = await settled(line.send(letter));
              if (!(answer instanceof Error) && answer.outcome === 'accepted' && begun > revokedAt)
                late.push(`${round} ${step}`);
            }
          })();
          await timeUntil(() => line.count('answer') > 3, 5_000);
          t.equal('revoked', (await alice.revoke(laptop)).status, 200);
          revokedAt = performance.timeOrigin + performance.now();
          await sending;
          t.equal('nothing that was begun after the answer is accepted', late, []);
        }
      },
    },
    {
      mark: 'B',
      name: 'revocation: senders are told, keys are gone, the id never returns',
      run: async (t) => {
        const [alice, bob] = await (await t.tenant()).two();
        const laptop = await bob.link();
        const letter = alice.phone.letter([bob], 'x');
        const before = bob.listVersion;
        await bob.revoke(laptop);
        t.equal('the list version rises', bob.listVersion, before + 1);
        const { mismatch } = await (await alice.phone.listen()).send(letter);
        const extra = mismatch?.mismatched.flatMap((account) => account.extra.map(uuidText));
        t.equal('a sender hears that it is one too many', extra, [laptop.id]);
        const { bundles } = await alice.phone.fetchBundles(bob);
        t.equal(
          'no bundle of it',
          bundles.map(({ deviceId }) => uuidText(deviceId)),
          [bob.phone.id],
        );
        t.equal(
          'again: the same answer',
          (await bob.phone.ask({ method: 'DELETE', path: `/v1/devices/${laptop.id}` })).json,
          {
            listVersion: bob.listVersion,
          },
        );
        const back = await bob.storeList(laptop);
        t.that('a list that names it again is refused', back.status >= 400, `${back.status} ${back.code}`);
        t.equal('no assertion of it is taken', (await laptop.grant()).code, 'assertion_invalid');
      },
    },
    {
      mark: 'N',
      name: 'a suspended account is out within 2 s, and back with all of its mail',
      run: async (t) => suspended(t),
    },
    {
      mark: 'P',
      name: 'the same while Redis is away',
      run: async (t) => {
        const processes = await t.control.processes();
        if (!processes.some(({ role }) => role === 'redis')) {
          t.equal('there is no Redis: the parts above were without it', own(processes).length > 0, true);
          return;
        }
        const laptop = await prepared(t);
        await t.control.act('kill', 'redis');
        try {
          await out(t, laptop);
        } finally {
          await t.control.act('start', 'redis');
        }
      },
    },
  ],
};

async function revoked(t: Trial): Promise<void> {
  const [one, two] = t.twoNodes();
  const [alice, bob] = await (await t.tenant()).two();
  for (const node of [one, two]) {
    const laptop = await bob.link();
    await alice.phone.post(alice.phone.letter([bob], 'unread'));
    const line = await laptop.connect(node);
    const [mail] = await line.receive(1);
    await bob.revoke(laptop);
    const start = Date.now();
    line.ack(mail!);
    const end = await settled(line.end(10_000));
    if (end instanceof Error) throw end;
    t.that('its socket is closed as revoked', REVOKED.includes(end.code), end.code);
    t.that('within 2 s', end.at - start <= WITHIN, `${end.at - start} ms`);
    await refusedEverywhere(t, laptop, start);
  }
}

/** A linked laptop with a stream on the second node. */
async function prepared(t: Trial): Promise<Device> {
  const bob = await (await t.tenant()).account();
  const laptop = await bob.link();
  await laptop.token();
  await bob.phone.token();
  return laptop;
}

async function out(t: Trial, laptop: Device): Promise<void> {
  const [, two] = t.twoNodes();
  const line = await laptop.listen(two);
  t.equal('revoked without Redis', (await laptop.account.revoke(laptop)).status, 200);
  const start = Date.now();
  const end = await line.end(10_000);
  t.that('closed within 2 s', end.at - start <= WITHIN, `${end.at - start} ms, ${end.code}`);
  await refusedEverywhere(t, laptop, start);
}

async function refusedEverywhere(t: Trial, device: Device, start: number): Promise<void> {
  const { gateways } = device.account.tenant.place;
  const rest = async (): Promise<boolean> => (await device.ask({ method: 'GET', path: '/v1/keys' })).status === 401;
  const upgrade = async (node: number): Promise<boolean> =>
    (await settled(device.connect(node))) instanceof UpgradeRefused;
  await refusedFrom(t, 'its token is refused by the API within 2 s', { start, refused: rest });
  for (const node of gateways.keys()) {
    const refused = async (): Promise<boolean> => upgrade(node);
    await refusedFrom(t, `and by gateway ${node + 1}`, { start, refused });
  }
}

/** What was begun within the time may be let in, however long a busy machine takes to say so; what is begun later may not. */
async function refusedFrom(
  t: Trial,
  expected: string,
  { start, refused }: { readonly start: number; readonly refused: () => Promise<boolean> },
): Promise<void> {
  let letIn = start;
  const isRefused = async (): Promise<boolean> => {
    const begun = Date.now();
    const yes = await refused();
    if (!yes) letIn = begun;
    return yes;
  };
  const after = await timeUntil(isRefused, 8_000);
  t.that(expected, after !== undefined && letIn - start <= WITHIN, `let in until ${letIn - start} ms`);
}

async function suspended(t: Trial): Promise<void> {
  const [one, two] = t.twoNodes();
  const tenant = await t.tenant();
  const [alice, bob] = await tenant.two();
  const laptop = await bob.link();
  for (const step of upTo(3)) await alice.phone.post(alice.phone.letter([bob], `letter ${step}`));
  const before = (await mailboxOf(bob.phone)).mail;
  const version = bob.listVersion;
  const lines = [await bob.phone.connect(one), await laptop.connect(two)];
  const received = await lines[0]!.receive(3);
  await tenant.admin('PUT', `/accounts/${bob.id}/suspension`);
  const start = Date.now();
  lines[0]!.ackThrough(received[2]!);
  for (const line of lines) {
    const end = await line.end(10_000);
    t.equal('closed as suspended', end.code, SUSPENDED);
    t.that('within 2 s', end.at - start <= WITHIN, `${end.at - start} ms`);
  }
  const refused = async (): Promise<boolean> =>
    (await bob.phone.ask({ method: 'GET', path: '/v1/keys' })).status === 403;
  await refusedFrom(t, 'its token is refused within 2 s', { start, refused });
  t.equal('no new token', (await bob.phone.grant()).code, 'account_suspended');
  const sending = await alice.phone.listen();
  const { mismatch } = await sending.send(alice.phone.letter([bob], 'to a suspended one'));
  t.equal('senders get closed', [mismatch?.closed.map(uuidText), mismatch?.mismatched.length], [[bob.id], 0]);

  await tenant.admin('DELETE', `/accounts/${bob.id}/suspension`);
  const isBack = async (): Promise<boolean> => !((await settled(mailboxOf(bob.phone, two))) instanceof Error);
  await timeUntil(isBack, 15_000, 100);
  const after = await mailboxOf(bob.phone, two);
  t.equal('lifted: all mail is there', after.mail.map(textOf), before.map(textOf));
  const same = after.mail.every(
    ({ acceptedAt, id }, at) => acceptedAt === before[at]!.acceptedAt && id.equals(before[at]!.id),
  );
  t.equal('with its age and ids', same, true);
  const accepted = verdictOf(await sending.send(alice.phone.letter([bob], 'back')));
  t.equal('senders go on with the list they have', [accepted, bob.listVersion], ['accepted', version]);
}
