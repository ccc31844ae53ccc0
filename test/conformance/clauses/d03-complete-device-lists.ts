import { randomUUID } from 'node:crypto';
import type { Clause } from '../clause.js';
import { mismatchOf } from '../client/device.js';
import { headsOf, mailboxOf, verdictOf } from '../client/look.js';
import { patiently } from '../client/rest.js';
import { uuidBytes, uuidText, type Mismatch, type Stock } from '../client/wire.js';

export const d03: Clause = {
  id: 'D3',
  title: 'Complete device lists',
  says: [
    'For each recipient with COMPLETE coverage the envelopes cover exactly the active devices, with their current registration ids. The sender’s own account is compared too, listed or not (all but the sending device), unless every recipient is SELECTED.',
    'Otherwise nothing is stored and one answer (409 device_list_mismatch) says everything at once: mismatched[] (account, current version, missing, extra, stale device ids), unknown[] (unknown, deleted, another tenant’s: indistinguishable), closed[] (suspended, or without a device).',
    'Order of verdicts: malformed, limits, repeated key, accounts and lists.',
    'With bundles=true up to 64 bundles of missing and stale devices come along, fetched after the refusal, counted and limited as D16; they are the only thing that a refused send may consume.',
  ],
  parts: [
    {
      mark: 'B',
      name: 'everything that is wrong is said at once, the same over both transports',
      run: async (t) => {
        const [tenant, foreign] = [await t.tenant(), await t.tenant()];
        const [alice, bob, carol, dave] = await tenant.four();
        const [erin, frank, stranger] = [await tenant.account(), await tenant.account(), await foreign.account()];
        const laptop = await bob.link();
        const letter = alice.phone.letter([bob, carol, dave, erin, frank, stranger], 'hello');
        const [tablet, ownLaptop] = [await bob.link(), await alice.link()];
        await bob.revoke(laptop);
        await carol.phone.reregister(9);
        await tenant.admin('PUT', `/accounts/${dave.id}/suspension`);
        await tenant.admin('DELETE', `/accounts/${erin.id}`);
        await frank.revoke(frank.phone, frank.phone);
        const nobody = randomUUID();
        const request = {
          ...letter,
          recipients: [...letter.recipients, { ...alice.phone.cover(bob, 'x'), accountId: uuidBytes(nobody) }],
        };
        const line = await alice.phone.listen();
        const streamed = (await line.send(request)).mismatch;
        const answer = await alice.phone.post(request);
        t.equal('over REST: 409', [answer.status, answer.code], [409, 'device_list_mismatch']);
        for (const [how, mismatch] of [
          ['stream', streamed],
          ['REST', mismatchOf(answer)],
        ] as const) {
          const seen = mismatch === undefined ? undefined : readable(mismatch);
          t.equal(`${how}: bob, carol and the own account, each with its version and devices`, seen?.mismatched, {
            [bob.id]: { version: 4, missing: [tablet.id], extra: [laptop.id], stale: [] },
            [carol.id]: { version: 1, missing: [], extra: [], stale: [carol.phone.id] },
            [alice.id]: { version: 2, missing: [ownLaptop.id], extra: [], stale: [] },
          });
          const unknown = [nobody, stranger.id, erin.id].sort();
          t.equal(`${how}: never there, another tenant's and deleted are unknown alike`, seen?.unknown, unknown);
          t.equal(`${how}: suspended and without a device are closed`, seen?.closed, [dave.id, frank.id].sort());
        }
        const devices = [...bob.devices, ...carol.devices, ...stranger.devices];
        t.equal(
          'nothing is stored',
          await headsOf(devices),
          devices.map(() => 0),
        );
      },
    },
    {
      mark: 'B',
      name: 'SELECTED: the named devices are checked, missing ones and the own account are not',
      run: async (t) => {
        const tenant = await t.tenant();
        const [alice, bob] = await tenant.two();
        const [laptop, own] = [await bob.link(), await alice.link()];
        const line = await alice.phone.listen();
        const send = async (recipients: Parameters<typeof alice.phone.request>[0]): Promise<string> =>
          verdictOf(await line.send(alice.phone.request(recipients)));
        t.equal('one of two devices: accepted', await send([alice.phone.select(bob, [laptop], 'x')]), 'accepted');
        t.equal('only that device has it', await headsOf([bob.phone, laptop, own]), [0, 1, 0]);
        t.equal('its receiver sees that it is a control envelope', (await mailboxOf(laptop)).mail[0]?.control, true);
        const plain = { ...alice.phone.select(bob, [laptop], 'x'), envelopes: [laptop.envelope('x')] };
        t.that('without control: refused', ['malformed', 'not_allowed'].includes(await send([plain])), 'see above');
        const both = [alice.phone.select(bob, [laptop], 'x'), alice.phone.cover(alice, 'x')];
        t.equal('beside a COMPLETE recipient', await send(both), 'accepted');
        const carol = await tenant.account();
        const leavesOwnOut = [alice.phone.select(bob, [laptop], 'x'), alice.phone.cover(carol, 'x')];
        t.equal('beside a COMPLETE one the own account is compared again', await send(leavesOwnOut), 'mismatch');
        const old = laptop.envelope('x');
        await laptop.reregister(77);
        const stale = { ...alice.phone.select(bob, [], ''), envelopes: [{ ...old, control: true }] };
        const refused = (await line.send(alice.phone.request([stale]))).mismatch;
        t.equal(
          'under an old registration id: stale, and nothing is missing',
          refused && readable(refused).mismatched,
          {
            [bob.id]: { version: 2, missing: [], extra: [], stale: [laptop.id] },
          },
        );
      },
    },
    {
      mark: 'B',
      name: 'the order of verdicts',
      run: async (t) => {
        const tenant = await t.tenant();
        const [alice, bob] = await tenant.two();
        const line = await alice.phone.listen();
        const letter = alice.phone.letter([bob], 'first');
        await line.send(letter);
        const laptop = await bob.link();
        t.equal('a repeated key wins over a changed list', verdictOf(await line.send(letter)), 'accepted');
        const big = { ...letter.recipients[0]!, envelopes: [bob.phone.envelope(Buffer.alloc(65_537))] };
        const [tooLarge] = [{ ...letter, recipients: [big] }];
        t.equal('a limit wins over a repeated key', verdictOf(await line.send(tooLarge)), 'too_large');
        const twice = { ...big, envelopes: [...big.envelopes, ...big.envelopes] };
        const malformed = verdictOf(await line.send({ ...letter, recipients: [twice] }));
        t.equal('malformed wins over a limit', malformed, 'malformed');
        t.equal('the new device got nothing of all this', await headsOf([laptop]), [0]);
      },
    },
    {
      mark: 'B',
      name: 'bundles come along when they are asked for, and only then is anything consumed',
      run: async (t) => {
        const tenant = await t.tenant();
        const [alice, bob] = await tenant.two();
        const request = alice.phone.letter([bob], 'x');
        const laptop = await bob.link();
        await bob.phone.reregister(5);
        const devices = [bob.phone, laptop];
        const stock = async (): Promise<readonly number[]> =>
          Promise.all(
            devices.map(async (one) => (await one.ask({ method: 'GET', path: '/v1/keys' })).json as unknown as Stock),
          ).then((each) => each.map(({ oneTime }) => oneTime));
        const line = await alice.phone.listen();
        const without = (await line.send(request)).mismatch;
        t.equal('not asked for: none come', without?.bundles.length, 0);
        t.equal('not asked for: no one-time key is consumed', await stock(), [2, 2]);
        const { came } = await patiently(async () => {
          const { mismatch } = await line.send({ ...request, bundles: true });
          const all = mismatch?.bundles.flatMap(({ bundles }) => bundles) ?? [];
          // None come along while they cannot be counted (D23).
          return { came: all, code: all.length === 0 ? 'unavailable' : '' };
        });
        const ids = came.map(({ deviceId }) => uuidText(deviceId)).sort();
        t.equal('asked for: of the missing and of the stale device', ids, [bob.phone.id, laptop.id].sort());
        const registrations = came.map(({ registrationId }) => registrationId).sort();
        t.equal('with the registration ids of now', registrations, [1, 5]);
        t.equal('each has used up one key', await stock(), [1, 1]);
        t.equal('nothing is stored', await headsOf(devices), [0, 0]);
      },
    },
  ],
};

function readable(mismatch: Mismatch) {
  const texts = (ids: readonly Buffer[]): readonly string[] => ids.map(uuidText).sort();
  const accounts = mismatch.mismatched.map((account) => [
    uuidText(account.accountId),
    {
      version: account.listVersion,
      missing: texts(account.missing),
      extra: texts(account.extra),
      stale: texts(account.stale),
    },
  ]);
  return {
    mismatched: Object.fromEntries(accounts) as object,
    unknown: texts(mismatch.unknown),
    closed: texts(mismatch.closed),
  };
}
