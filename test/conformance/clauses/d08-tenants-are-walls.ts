import { randomUUID } from 'node:crypto';
import type { Clause, Trial } from '../clause.js';
import type { Account } from '../client/account.js';
import type { Device } from '../client/device.js';
import { headsOf, percentile, verdictOf } from '../client/look.js';
import { JSON_TYPE, PROTOBUF, type Answer } from '../client/rest.js';
import { encode, uuidBytes } from '../client/wire.js';

const ROUNDS = 60;

export const d08: Clause = {
  id: 'D8',
  title: 'Tenants are walls',
  says: [
    'No id of another tenant resolves anywhere; status, body and timing class are those of an id that does not exist.',
  ],
  parts: [
    {
      mark: 'B',
      name: 'every route of a device: another tenant’s ids answer like ids that do not exist',
      run: async (t) => {
        const { alice, mallory } = await twoTenants(t);
        for (const [name, asked] of roads(alice.phone)) {
          const foreign = await asked(mallory.id, mallory.phone.id);
          const nobody = [randomUUID(), randomUUID()] as const;
          const absent = await asked(...nobody);
          t.equal(name, readable(foreign, [mallory.id, mallory.phone.id]), readable(absent, nobody));
          t.that(`${name}: it is refused`, foreign.status >= 400, foreign.status);
        }
        t.equal('nothing arrived', await headsOf([mallory.phone]), [0]);
        t.equal('no key was taken', await stockOf(mallory.phone), 2);
      },
    },
    {
      mark: 'B',
      name: 'the stream: sends and acks reach no other tenant',
      run: async (t) => {
        const { alice, mallory } = await twoTenants(t);
        const line = await alice.phone.listen();
        const answer = await line.send(alice.phone.letter([mallory], 'x'));
        const nobody = alice.phone.letter([mallory], 'x');
        const absent = { ...nobody, recipients: [{ ...nobody.recipients[0]!, accountId: uuidBytes(randomUUID()) }] };
        const other = await line.send(absent);
        t.equal('the same verdict', verdictOf(answer), verdictOf(other));
        t.equal('unknown, and nothing else', shape(answer.mismatch), shape(other.mismatch));
        const friend = await mallory.tenant.account();
        await friend.phone.post(friend.phone.letter([mallory], 'inside'));
        const reading = await mallory.phone.connect();
        const [mail] = await reading.receive(1);
        await reading.close();
        line.ack(mail!);
        t.equal('the ack of a foreign pair is refused', (await line.next('ackRefused')).sequence, mail!.sequence);
        t.equal('and the mail is there', (await (await mallory.phone.connect()).receive(1)).length, 1);
      },
    },
    {
      mark: 'B',
      name: 'an admin of one tenant: another one does not exist',
      run: async (t) => {
        const { alice, mallory } = await twoTenants(t);
        const { tenant } = mallory;
        const paths = (tenantId: string, accountId: string): readonly (readonly [string, string, object?])[] => [
          ['GET', `/v1/admin/tenants/${tenantId}/accounts/${accountId}`],
          ['GET', `/v1/admin/tenants/${tenantId}/accounts/${accountId}/devices`],
          ['PUT', `/v1/admin/tenants/${tenantId}/accounts/${accountId}/suspension`],
          ['DELETE', `/v1/admin/tenants/${tenantId}/accounts/${accountId}`],
          ['POST', `/v1/admin/tenants/${tenantId}/invitations`, { accountId }],
        ];
        const foreign = paths(tenant.id, alice.id);
        const absent = paths(tenant.id, randomUUID());
        for (const [index, [method, path, body]] of foreign.entries()) {
          const below = (whole: string): string => whole.replace(`/v1/admin/tenants/${tenant.id}`, '');
          const one = await tenant.askAdmin(method, below(path), body);
          const [, otherPath, otherBody] = absent[index]!;
          const other = await tenant.askAdmin(method, below(otherPath), otherBody);
          t.equal(`${method} of a foreign account`, [one.status, one.code], [other.status, other.code]);
        }
        t.equal('alice is as she was', (await alice.phone.ask({ method: 'GET', path: '/v1/keys' })).status, 200);
      },
    },
    {
      mark: 'B',
      name: 'the time of an answer tells nothing',
      alone: true,
      run: async (t) => {
        const { alice, mallory } = await twoTenants(t);
        for (const [name, asked] of roads(alice.phone)) {
          const foreign: number[] = [];
          const absent: number[] = [];
          for (let round = 0; round < ROUNDS; round += 1) {
            foreign.push(await timed(asked(mallory.id, mallory.phone.id)));
            absent.push(await timed(asked(randomUUID(), randomUUID())));
          }
          const [one, other] = [percentile(foreign, 0.5), percentile(absent, 0.5)];
          const same = Math.abs(one - other) < Math.max(1.5, 0.5 * Math.max(one, other));
          t.that(`${name}: medians of one class`, same, `${one.toFixed(2)} and ${other.toFixed(2)} ms`);
        }
      },
    },
  ],
};

type Asked = (accountId: string, deviceId: string) => Promise<Answer>;

function roads(device: Device): readonly (readonly [string, Asked])[] {
  const cover = (accountId: string, deviceId: string) => ({
    ...device.cover(device.account, 'x'),
    accountId: uuidBytes(accountId),
    envelopes: [{ ...device.envelope('x'), deviceId: uuidBytes(deviceId) }],
  });
  const list = (accountId: string): object => ({ list: Buffer.from(accountId), signature: Buffer.alloc(64) });
  return [
    ['GET devices', async (account) => device.ask({ method: 'GET', path: `/v1/accounts/${account}/devices` })],
    [
      'POST bundles',
      async (account) =>
        device.ask({ method: 'POST', path: `/v1/accounts/${account}/bundles`, type: JSON_TYPE, body: '{}' }),
    ],
    ['DELETE device', async (_, id) => device.ask({ method: 'DELETE', path: `/v1/devices/${id}` })],
    ['POST messages', async (account, id) => device.post(device.request([cover(account, id)]))],
    [
      'POST lists',
      async (account) =>
        device.ask({
          method: 'POST',
          path: '/v1/devices/lists',
          type: PROTOBUF,
          body: encode('SignedList', list(account)),
        }),
    ],
  ];
}

async function twoTenants(t: Trial): Promise<{ alice: Account; mallory: Account }> {
  const [one, two] = [await t.tenant(), await t.tenant()];
  return { alice: await one.account(), mallory: await two.account() };
}

async function stockOf(device: Device): Promise<unknown> {
  return (await device.ask({ method: 'GET', path: '/v1/keys' })).json['oneTime'];
}

/** Without the ids themselves, which are the only thing that may differ. */
function readable({ status, json, bytes }: Answer, ids: readonly string[]): unknown {
  const mismatch =
    typeof json['mismatch'] === 'string' ? Buffer.from(json['mismatch'], 'base64url').toString('hex') : '';
  const strip = (text: string): string =>
    ids.reduce((left, id) => left.replaceAll(id, 'ID').replaceAll(id.replaceAll('-', ''), 'ID'), text);
  const { mismatch: _, instance: __, serverTime: ___, ...rest } = json;
  return [status, strip(JSON.stringify(rest)), strip(mismatch), Object.keys(json).length === 0 ? bytes.length : 0];
}

function shape(mismatch: { unknown: readonly unknown[]; mismatched: readonly unknown[] } | undefined): unknown {
  return [mismatch?.unknown.length, mismatch?.mismatched.length];
}

async function timed(work: Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work;
  return performance.now() - start;
}
