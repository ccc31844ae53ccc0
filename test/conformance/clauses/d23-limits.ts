import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clause } from '../clause.js';
import { mailboxOf, timeUntil, upTo, verdictOf } from '../client/look.js';
import { JSON_TYPE } from '../client/rest.js';

export const d23: Clause = {
  id: 'D23',
  title: 'Limits',
  says: [
    'Atomic across nodes, answered with Retry-After; a refused request consumes no token, key, sequence or idempotency key.',
    'Per (sender, recipient) 60 burst + 1/s; per device 100 messages a minute sustained; per mailbox a byte rate; per network prefix 10 failed authentications or enrolments a minute (successes are limited per device).',
    'Limits on the send and receive path fall back to a per-node share when Redis is away; only enrolment, linking and prekeys fail closed. All are policy.',
  ],
  parts: [
    {
      mark: 'N',
      name: 'messages a minute of one device, counted across nodes',
      run: async (t) => {
        const [one, two] = t.twoNodes();
        const tenant = await t.tenant({ messagesPerMinute: 20 });
        const [alice, bob] = await tenant.two();
        const verdicts: string[] = [];
        const begun = Date.now();
        for (const node of [one, two, one, two]) {
          const line = await alice.phone.connect(node);
          const answers = await Promise.all(
            upTo(15).map(async (step) => line.send(alice.phone.letter([bob], `${step}`))),
          );
          verdicts.push(...answers.map(verdictOf));
          await line.close();
        }
        let accepted = verdicts.filter((verdict) => verdict === 'accepted').length;
        // One more every three seconds that this has taken.
        const most = 21 + Math.ceil((Date.now() - begun) / 3_000);
        t.that(
          'about twenty of sixty are accepted',
          accepted >= 20 && accepted <= most,
          `${accepted}, at most ${most}`,
        );
        t.equal('the others are told', [...new Set(verdicts)].sort(), ['accepted', 'limited']);
        const posts = await Promise.all(
          upTo(5).map(async (step) => alice.phone.post(alice.phone.letter([bob], `over REST ${step}`))),
        );
        accepted += posts.filter(({ status }) => status === 200).length;
        const rest = posts.find(({ status }) => status !== 200);
        t.equal('over REST: 429', rest?.status, 429);
        t.that('with Retry-After', Number(rest?.headers.get('retry-after')) > 0, rest?.headers.get('retry-after'));
        t.equal('no number was used up', (await mailboxOf(bob.phone)).head, accepted);
        const carol = await tenant.account();
        t.equal('another device is not limited', (await carol.phone.post(carol.phone.letter([bob], 'x'))).status, 200);
      },
    },
    {
      mark: 'B',
      name: 'one sender and one recipient: a burst, then one a second; a refused request may come again under its key',
      run: async (t) => {
        const tenant = await t.tenant({ pairBurst: 5, pairPerSecond: 1 });
        const [alice, bob, carol] = await tenant.three();
        const line = await alice.phone.listen();
        const letters = upTo(12).map((step) => alice.phone.letter([bob], `letter ${step}`));
        const begun = Date.now();
        const answers = await Promise.all(letters.map(async (letter) => line.send(letter)));
        // One more for each second that this has taken.
        const most = 5 + Math.ceil((Date.now() - begun) / 1_000);
        const verdicts = answers.map(verdictOf);
        const accepted = verdicts.filter((verdict) => verdict === 'accepted').length;
        t.that('five, then no more', accepted >= 5 && accepted <= most, `${accepted}, at most ${most}`);
        t.equal('the others are told', [...new Set(verdicts)].sort(), ['accepted', 'limited']);
        const refused = verdicts.indexOf('limited');
        const wait = answers[refused]?.problem?.retryAfterMs ?? 0;
        t.that('it says when', wait > 0 && wait <= 2_000, wait);
        t.equal(
          'another recipient is not touched',
          verdictOf(await line.send(alice.phone.letter([carol], 'x'))),
          'accepted',
        );
        await sleep(Math.max(wait, 100) + 150);
        t.equal('then the same request under the same key', verdictOf(await line.send(letters[refused]!)), 'accepted');
        t.equal('one letter more', (await mailboxOf(bob.phone)).head, accepted + 1);
      },
    },
    {
      mark: 'B',
      name: 'bytes into one mailbox, whoever sends',
      run: async (t) => {
        const policy = {
          mailboxBytes: 10_000_000,
          burstBytes: 100_000,
          rateBytesPerSecond: 10,
          retentionSeconds: 3_600,
        };
        const tenant = await t.tenant(policy);
        const senders = await tenant.accounts(3);
        const bob = await tenant.account();
        let accepted = 0;
        for (const { phone } of senders)
          for (const _ of upTo(3)) {
            const { status } = await phone.post(phone.letter([bob], Buffer.alloc(30_000, 1)));
            if (status === 200) accepted += 1;
            else t.equal('refused by rate', status, 429);
          }
        t.that('three or four of nine fit', accepted >= 3 && accepted <= 4, accepted);
        t.equal('nothing else is there', (await mailboxOf(bob.phone)).head, accepted);
      },
    },
    {
      mark: 'B',
      name: 'failed attempts from one network; successes from it go on',
      alone: true,
      run: async (t) => {
        const tenant = await t.tenant();
        const statuses: number[] = [];
        const begun = Date.now();
        for (const step of upTo(25)) statuses.push(await counted(async () => lookup(t.place.api, `guess-${step}`)));
        const limited = statuses.filter((status) => status === 429).length;
        // One more every six seconds that this has taken.
        const least = 14 - Math.ceil((Date.now() - begun) / 6_000);
        t.that(
          'after ten guesses of an invitation: limited',
          limited >= least && limited <= 15 && limited > 0,
          `${limited} of 25 refused, at least ${least}`,
        );
        const code = await tenant.invitation();
        const other = await counted(async () => lookup(t.place.api, code, '127.99.2.1'));
        t.equal('another network is not touched', other, 200);
      },
    },
    {
      mark: 'P',
      name: 'Redis is away: sending is limited by the node’s share, enrolment and prekeys wait',
      run: async (t) => {
        const processes = await t.control.processes();
        if (!processes.some(({ role }) => role === 'redis')) {
          t.equal('there is no Redis: limits are those of the one node', processes.length > 0, true);
          return;
        }
        const tenant = await t.tenant({ messagesPerMinute: 40 });
        const [alice, bob] = await tenant.two();
        const code = await tenant.invitation();
        const line = await alice.phone.listen();
        await t.control.act('kill', 'redis');
        try {
          const begun = Date.now();
          const answers = await Promise.all(
            upTo(60).map(async (step) => line.send(alice.phone.letter([bob], `${step}`))),
          );
          const accepted = answers.filter(({ outcome }) => outcome === 'accepted').length;
          // Two more every three seconds that this has taken.
          const most = 44 + Math.ceil((Date.now() - begun) / 1_500);
          t.that('sends are accepted, and limited', accepted > 0 && accepted <= most, `${accepted}, at most ${most}`);
          const bundles = await alice.phone.askForBundles(bob);
          t.equal('prekeys: closed', bundles.status, 503);
          t.that('enrolment: closed', (await lookup(t.place.api, code)) >= 429, 'refused');
        } finally {
          await t.control.act('start', 'redis');
        }
        const again = await timeUntil(async () => (await alice.phone.fetchBundles(bob)).status === 200, 60_000, 200);
        t.that('and open again', again !== undefined, again);
      },
    },
  ],
};

/** Asks again while it cannot be counted. */
async function counted(asked: () => Promise<number>): Promise<number> {
  let status = 503;
  await timeUntil(async () => (status = await asked()) !== 503, 10_000, 500);
  return status;
}

/** From an address of this machine that nothing else uses. */
async function lookup(api: string, code: string, localAddress = '127.99.1.1'): Promise<number> {
  const options = { method: 'POST', localAddress, headers: { 'content-type': JSON_TYPE } };
  return new Promise((resolve, reject) => {
    const asked = request(`${api}/v1/invitations/lookup`, options, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    });
    asked.on('error', reject);
    asked.end(JSON.stringify({ code }));
  });
}
