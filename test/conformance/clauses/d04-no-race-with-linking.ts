import { setTimeout as sleep } from 'node:timers/promises';
import type { Clause } from '../clause.js';
import { behind, named, own } from '../control/control.js';
import { mailboxOf, settled, textOf, timeUntil, upTo } from '../client/look.js';
import { expectStatus, type Account } from '../client/account.js';
import type { Device } from '../client/device.js';
import { uuidBytes } from '../client/wire.js';

/** For what this kit's own writers do, not the installation's time: a machine may be busy with other things. */
const PATIENCE = 60_000;

export const d04: Clause = {
  id: 'D4',
  title: 'No race with linking',
  says: [
    'Linking, revoking and re-registration change all rows of the account in one transaction. A send locks the rows it stores into and the sending device’s own row.',
    'So a device linked or revoked concurrently is either seen by the send (mismatch) or its mailbox begins after it; never an accepted message that skips a live device.',
  ],
  parts: [
    {
      mark: 'N',
      name: 'a recipient’s device comes and goes under load from two nodes',
      run: async (t) => {
        const nodes = t.twoNodes();
        const [alice, carol, bob] = await (await t.tenant()).three();
        const race = new Race(bob);
        const writing = [alice, carol].map(async ({ phone }, who) => race.write(phone, [bob], nodes[who] ?? 0));
        for (const _ of upTo(4)) {
          const { has, accepted } = await race.comeAndGo();
          t.equal('a linked device has every letter that was accepted while it was listed', has, accepted);
        }
        race.done = true;
        await Promise.all(writing);
        const mail = await bob.phone.connect();
        const order = (await mail.drain(race.accepted)).map((envelope) => Number(textOf(envelope).split(' ')[0]));
        t.equal(
          'in the phone’s mailbox lists only change forward',
          order,
          order.toSorted((a, b) => a - b),
        );
        t.equal('all letters are there', order.length, race.accepted);
        t.saw(`${race.accepted} letters accepted, ${race.refused} refused, 4 linkings, 4 revocations`);
      },
    },
    {
      mark: 'N',
      name: 'the sender’s own new device: what is begun after linking is answered, on a node that may not know yet, is not accepted without it',
      run: async (t) => {
        const [, two] = t.twoNodes();
        const [alice, bob] = await (await t.tenant()).two();
        for (const round of upTo(4)) {
          const pending = await alice.pending();
          const line = await alice.phone.listen(two);
          const without = (): ReturnType<Device['letter']> =>
            alice.phone.request([alice.phone.cover(bob, `round ${round}`)]);
          const own = alice.devices.length > 1;
          if (!own) await line.send(without());
          expectStatus(201, await alice.storeList(pending));
          const verdicts = await Promise.all(upTo(5).map(async () => (await line.send(without())).outcome));
          t.equal('refused', [...new Set(verdicts)], ['mismatch']);
          const letter = alice.phone.letter([bob], 'complete');
          t.equal('complete: accepted', (await line.send(letter)).outcome, 'accepted');
          t.equal('the new device has it', (await mailboxOf(pending)).mail.map(textOf), ['complete']);
          await line.close();
        }
      },
    },
    {
      mark: 'P',
      name: 'the process that links is killed in the middle: linked wholly or not at all',
      run: async (t) => {
        const { control } = t;
        const processes = await control.processes();
        const api = named(processes, 'api');
        const gateway = behind(processes, t.place.gateways[0] ?? '');
        const tenant = await t.tenant();
        const [alice, bob] = await tenant.two();
        let linked = 0;
        const first = await bob.pending();
        const begun = performance.now();
        expectStatus(201, await bob.storeList(first));
        const usual = performance.now() - begun;
        // In the middle, towards the end, and behind the commit but maybe before the answer.
        for (const [round, share] of [0.5, 0.8, 1.1].entries()) {
          const pending = await bob.pending();
          const storing = settled(bob.storeList(pending));
          await sleep(share * usual);
          await control.act('kill', api);
          const answer = await storing;
          for (const name of new Set([api, gateway])) await control.act('start', name);
          const known = await alice.phone.ask({ method: 'GET', path: `/v1/accounts/${bob.id}/devices` });
          const isLinked = known.bytes.includes(uuidBytes(pending.id));
          if (!(answer instanceof Error) && answer.status === 201) t.equal('answered means linked', isLinked, true);
          if (isLinked && answer instanceof Error) expectStatus(201, await bob.bringList());
          linked += isLinked ? 1 : 0;
          t.equal(
            'exactly the devices of the list are written to',
            (await alice.phone.post(alice.phone.letter([bob], `${round}`))).status,
            200,
          );
          const token = await settled(pending.grant());
          const hasToken = !(token instanceof Error) && token.status === 200;
          t.equal('a token for it if and only if it is linked', hasToken, isLinked);
          if (isLinked)
            t.equal('and its mailbox begins there', (await mailboxOf(pending)).mail.map(textOf)[0], `${round}`);
        }
        t.saw(`${linked} of 3 were linked, ${own(processes).length} processes`);
      },
    },
  ],
};

/** Letters to an account whose second device comes and goes; each begins with the list version that it was made for. */
class Race {
  done = false;
  accepted = 0;
  refused = 0;
  private isPaused = false;
  private underWay = 0;
  private readonly letters: string[] = [];

  constructor(private readonly target: Account) {}

  async write(phone: Device, to: readonly Account[], node: number): Promise<void> {
    const line = await phone.listen(node);
    for (let step = 0; !this.done; step += 1) {
      while (this.isPaused) await sleep(2);
      const text = `${this.target.listVersion} ${phone.id.slice(0, 8)} ${step}`;
      this.underWay += 1;
      const { outcome } = await line.send(phone.letter(to, text));
      this.underWay -= 1;
      if (outcome !== 'accepted') this.refused += 1;
      else {
        this.accepted += 1;
        this.letters.push(text);
      }
    }
  }

  /** Linked under load, looked at in a pause, revoked under load. Returns what the device has, and what was accepted while it was listed. */
  async comeAndGo(): Promise<{ readonly has: readonly string[]; readonly accepted: readonly string[] }> {
    const device = await this.target.pending();
    expectStatus(201, await this.target.storeList(device));
    const count = this.accepted;
    await timeUntil(() => this.accepted > count + 15, PATIENCE);
    this.isPaused = true;
    await timeUntil(() => this.underWay === 0, PATIENCE, 2);
    const stream = await device.connect();
    // On a fast machine there may be more than a window.
    const mail = await stream.drainToHead();
    await stream.close();
    const accepted = this.letters.filter((text) => text.startsWith(`${this.target.listVersion} `));
    this.isPaused = false;
    await timeUntil(() => this.accepted > count + 30, PATIENCE);
    expectStatus(200, await this.target.revoke(device));
    return { has: mail.map(textOf).sort(), accepted: accepted.sort() };
  }
}
