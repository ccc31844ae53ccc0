import type { Clause } from '../clause.js';
import { settled, textOf, upTo } from '../client/look.js';
import { Poll } from '../client/poll.js';
import { PROTOBUF } from '../client/rest.js';

export const d26: Clause = {
  id: 'D26',
  title: 'A restored server says so',
  says: [
    'A cursor is (incarnation, sequence). The incarnation changes whenever PostgreSQL’s system identifier or timeline differs from the stored one, and by sotto restored. A client with an older one gets reset, never silence.',
    'Before serving: one-time prekeys dropped, tokens refused, and a newer signed device list, or a tombstone, held by a device of the account wins over the restored state.',
  ],
  parts: [
    {
      mark: 'P',
      name: 'a backup, more mail, more devices; then the backup is put back',
      run: async (t) => {
        const tenant = await t.tenant();
        const [alice, bob] = [await tenant.account(), await tenant.account({ oneTime: 30 })];
        const tablet = await bob.link();
        await alice.phone.post(alice.phone.letter([bob], 'before the backup'));
        await t.control.act('backup');
        for (const step of upTo(3)) await alice.phone.post(alice.phone.letter([bob], `after the backup ${step}`));
        const before = await bob.phone.connect();
        const old = (await before.next('ready')).incarnation;
        await before.receive(4);
        await before.close();
        const laptop = await bob.link();
        await bob.revoke(tablet);
        const seen = await bob.phone.ask({ method: 'GET', path: `/v1/accounts/${bob.id}/devices` });
        await t.control.act('restore');

        const keys = await settled(bob.phone.ask({ method: 'GET', path: '/v1/keys' }));
        t.equal('tokens from before are refused', keys instanceof Error ? keys.message : keys.status, 401);
        for (const device of [alice.phone, bob.phone]) device.forgetToken();
        const stream = await bob.phone.connect();
        const ready = await stream.next('ready');
        t.equal('the incarnation is another one', ready.incarnation.equals(old), false);
        await stream.receive(1);
        t.equal('the mail of the backup is there', stream.mail.map(textOf), ['before the backup']);
        t.equal('one-time prekeys are dropped', ready.stock?.oneTime, 0);
        t.equal('the owner is told to upload', ready.stock?.low, true);
        await stream.close();
        const told = await new Poll(bob.phone).ask({ wait: 0, after: 4, incarnation: old });
        t.equal('a client with the older incarnation is told', [told.status, told.code], [409, 'reset']);
        await bob.phone.refill(500, 10);
        const { bundles } = await alice.phone.fetchBundles(bob);
        t.that('bundles come again', bundles.length > 0, bundles.length);

        const history = { method: 'POST', path: '/v1/devices/history', type: PROTOBUF, body: seen.bytes };
        const healed = await bob.phone.ask(history);
        t.equal('the newer list and the tombstone that a device has seen are taken', healed.status, 200);
        t.equal('and are what they were', healed.json['listVersion'], bob.listVersion);
        const again = await bob.phone.ask(history);
        t.equal('once more: nothing changes', again.json['listVersion'], bob.listVersion);
        tablet.forgetToken();
        t.that('the revoked device stays out', (await tablet.grant()).status !== 200, 'refused');
        t.equal('the device that the backup did not know is back', (await laptop.reregister(1)).status, 200);
        const sent = await alice.phone.post(alice.phone.letter([bob], 'to the devices of now'));
        t.equal('senders that know the newer list go on', sent.status, 200);
      },
    },
  ],
};
