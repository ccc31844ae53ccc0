import { PrivateKey } from '@signalapp/libsignal-client';
import type { Clause } from '../clause.js';
import type { Device } from '../client/device.js';
import { kyberPrekey, newDeviceKeys, oneTimeKeys, publicKeyOf, signedPrekey } from '../client/keys.js';
import { timeUntil, upTo } from '../client/look.js';

export const d16: Clause = {
  id: 'D16',
  title: 'Prekeys',
  says: [
    'N concurrent fetches over K one-time keys hand out K distinct keys, none twice, then the bundle without a one-time key plus the last-resort Kyber key.',
    'Uploads with a bad signature, size, id or count, a registration id outside 1 to 16,383, a Kyber key that does not parse, or an identity key or device id known elsewhere in the installation store nothing.',
    'The owner is told when stock runs low (at once where connected, else in the next ready). Fetching is limited per (caller, target).',
  ],
  parts: [
    {
      mark: 'B',
      name: 'sixty concurrent fetches by six callers over forty keys',
      run: async (t) => {
        const tenant = await t.tenant();
        const target = await tenant.account({ oneTime: 40 });
        const callers = await tenant.accounts(6);
        const owner = await target.phone.listen();
        const answers = await Promise.all(upTo(60).map(async (step) => callers[step % 6]!.phone.fetchBundles(target)));
        t.equal('all are answered', [...new Set(answers.map(({ status }) => status))], [200]);
        const bundles = answers.flatMap(({ bundles }) => bundles);
        t.equal('a bundle each', bundles.length, 60);
        const ids = bundles.flatMap(({ oneTime }) => (oneTime === null ? [] : [oneTime.id]));
        t.equal('forty one-time keys', ids.length, 40);
        t.equal(
          'all different',
          [...new Set(ids)].sort((a, b) => a - b),
          upTo(40),
        );
        const kyber = bundles.flatMap(({ kyber }) => (kyber === null ? [] : [kyber.publicKey.toString('hex')]));
        const times = new Map(kyber.map((key) => [key, kyber.filter((other) => other === key).length]));
        const repeated = [...times.values()].filter((count) => count > 1);
        t.equal('forty Kyber keys once, then the last-resort key', [times.size, repeated], [41, [20]]);
        const full = bundles.every(({ signedPrekey }) => signedPrekey !== null);
        t.equal('each has the signed prekey', full, true);
        const told = (): boolean =>
          owner.heard.some(({ kind, body }) => kind === 'notice' && body.prekeysLow?.low === true);
        t.that('the connected owner is told', (await timeUntil(told, 15_000)) !== undefined, owner.count('notice'));
        t.saw('60 fetches over 40 keys: 40 distinct, 20 without');
      },
    },
    {
      mark: 'B',
      name: 'the owner that was away is told in ready; a refill ends it',
      run: async (t) => {
        const tenant = await t.tenant();
        const [alice, bob] = [await tenant.account(), await tenant.account({ oneTime: 21 })];
        const stock = async () => {
          const stream = await bob.phone.connect();
          const ready = await stream.next('ready');
          await stream.close();
          return ready.stock;
        };
        t.equal('enough', await stock(), { oneTime: 21, kyber: 21, low: false });
        for (const _ of upTo(2)) await alice.phone.fetchBundles(bob);
        t.equal('two are gone', await stock(), { oneTime: 19, kyber: 19, low: true });
        t.equal('refill', (await bob.phone.refill(100, 30)).status, 200);
        t.equal('enough again', await stock(), { oneTime: 49, kyber: 49, low: false });
      },
    },
    {
      mark: 'B',
      name: 'bad uploads store nothing',
      run: async (t) => {
        const tenant = await t.tenant();
        const [alice, bob] = await tenant.two();
        const { phone } = bob;
        const stock = async (): Promise<unknown> =>
          (await phone.ask({ method: 'GET', path: '/v1/keys' })).json['oneTime'];
        for (const [name, body] of badUploads(phone)) {
          const { status, code } = await phone.upload(body);
          t.equal(name, [status, code], [422, 'invalid_keys']);
        }
        t.equal('the stock is as it was', await stock(), 2);
        for (const id of [0, 16_384, 70_000]) {
          const { code } = await phone.reregister(id);
          t.that(`registration id ${id}`, ['malformed', 'invalid_keys'].includes(code), code);
        }
        const strange = await phone.reregister(4, { identityKey: publicKeyOf(alice.phone.keys.identity) });
        t.that('the identity key of another device', strange.status >= 400, `${strange.status} ${strange.code}`);
        t.equal('the stock is as it was', await stock(), 2);
        const { bundles } = await alice.phone.fetchBundles(bob);
        t.equal('and the keys are the first ones', [bundles[0]?.registrationId, bundles[0]?.oneTime?.id], [1, 1]);
      },
    },
    {
      mark: 'B',
      name: 'an identity key or device id that the installation knows enrols nobody',
      run: async (t) => {
        const [here, there] = [await t.tenant(), await t.tenant()];
        const known = (await here.account()).phone;
        for (const tenant of [here, there]) {
          const byKey = await tenant.tryEnrol({ keys: { ...newDeviceKeys(), identity: known.keys.identity } });
          t.equal('the identity key', [byKey.status, byKey.code], [409, 'identity_known']);
          const byId = await tenant.tryEnrol({ deviceId: known.id });
          t.equal('the device id', [byId.status, byId.code], [409, 'identity_known']);
        }
        t.equal('whoever has them goes on', (await known.ask({ method: 'GET', path: '/v1/keys' })).status, 200);
      },
    },
    {
      mark: 'B',
      name: 'fetching is limited for each caller and target, and a refused fetch takes nothing',
      run: async (t) => {
        const tenant = await t.tenant({ prekeyFetches: 3, prekeyFetchesPerHour: 1 });
        const [alice, bob, carol] = [
          await tenant.account(),
          await tenant.account({ oneTime: 10 }),
          await tenant.account(),
        ];
        const codes: string[] = [];
        for (const _ of upTo(5)) codes.push((await alice.phone.fetchBundles(bob)).code);
        t.equal('three, then no more', codes, ['', '', '', 'limited', 'limited']);
        const refused = await alice.phone.fetchBundles(bob);
        t.that('with Retry-After', Number(refused.headers.get('retry-after')) > 0, refused.headers.get('retry-after'));
        const { json } = await bob.phone.ask({ method: 'GET', path: '/v1/keys' });
        t.equal('seven are left', json['oneTime'], 7);
        t.equal('another target is not touched', (await alice.phone.fetchBundles(carol)).status, 200);
        t.equal('nor another caller', (await carol.phone.fetchBundles(bob)).status, 200);
      },
    },
  ],
};

function badUploads({ keys }: Device): readonly (readonly [string, object])[] {
  const good = oneTimeKeys(keys, 50, 3);
  const foreign = newDeviceKeys();
  const kyber = kyberPrekey(keys, 60);
  const noKey = Buffer.alloc(1569, 7);
  const sign = (bytes: Buffer): Buffer => Buffer.from(keys.identity.sign(new Uint8Array(bytes)));
  return [
    ['a signed prekey of somebody else', { ...good, signedPrekey: signedPrekey(foreign, 2) }],
    ['a signature of zeros', { ...good, signedPrekey: { ...signedPrekey(keys, 2), signature: Buffer.alloc(64) } }],
    ['a Kyber key of somebody else', { ...good, kyber: [kyberPrekey(foreign, 61)] }],
    ['a Kyber key that does not parse', { ...good, kyber: [{ id: 62, publicKey: noKey, signature: sign(noKey) }] }],
    ['a short Kyber key', { ...good, kyber: [{ ...kyber, publicKey: kyber.publicKey.subarray(0, 900) }] }],
    ['a short one-time key', { ...good, oneTime: [{ id: 63, publicKey: Buffer.alloc(12, 5) }] }],
    ['id 0', { ...good, oneTime: [{ id: 0, publicKey: publicKeyOf(PrivateKey.generate()) }] }],
    ['id 16,777,216', { ...good, oneTime: [{ id: 16_777_216, publicKey: publicKeyOf(PrivateKey.generate()) }] }],
    ['an id twice', { ...good, oneTime: [...good.oneTime, ...good.oneTime] }],
    ['101 keys', { ...oneTimeKeys(keys, 200, 0), oneTime: upTo(101, 200).map((id) => ({ ...good.oneTime[0], id })) }],
  ];
}
