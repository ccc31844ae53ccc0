import { randomBytes, randomInt } from 'node:crypto';
import type { Clause, Trial } from '../clause.js';
import type { Account } from '../client/account.js';
import { mailboxOf, settled, textOf, verdictOf } from '../client/look.js';
import { JSON_TYPE, PROTOBUF } from '../client/rest.js';
import { decode, encode, EPHEMERAL, type SendRequest } from '../client/wire.js';

const HOUR = 3_600_000;

export const d07: Clause = {
  id: 'D7',
  title: 'Bad input gets a clear answer and nothing is lost or stored',
  says: [
    'Unknown fields ignored; malformed frame, empty or duplicate device list, oversize (64 KiB an envelope, 1 MiB a frame, 1,000 envelopes a request), unknown account, timestamps beyond ±24 h (0 means the server’s), JSON deeper than 16 or over 64 KiB.',
    'REST takes the same request as application/x-protobuf; JSON is for small bodies. Never a 500, never a silent drop.',
    'A request’s fate never depends on the others in its commit.',
  ],
  parts: [
    {
      mark: 'B',
      name: 'one thing wrong at a time, over both transports',
      run: async (t) => {
        const [alice, bob] = await (await t.tenant()).two();
        const line = await alice.phone.listen();
        for (const [name, code, request] of wrongRequests(alice, bob)) {
          t.equal(`stream, ${name}`, verdictOf(await line.send(request)), code);
          t.equal(`REST, ${name}`, (await alice.phone.post(request)).code, code);
        }
        t.equal('the connection is still there', line.isOpen, true);
        const fits = alice.phone.letter([bob], randomBytes(65_536), { clientTimestamp: Date.now() - 23 * HOUR });
        t.equal('the largest envelope that fits, 23 h old: accepted', verdictOf(await line.send(fits)), 'accepted');
        const { head, mail } = await mailboxOf(bob.phone);
        t.equal(
          'it is the only one stored, byte for byte',
          [head, mail.map(({ content }) => content.length)],
          [1, [65_536]],
        );
      },
    },
    {
      mark: 'B',
      name: 'unknown fields are ignored, in frames and in bodies',
      run: async (t) => {
        const [alice, bob] = await (await t.tenant()).two();
        // Field 999, length-delimited: a later version may send it.
        const later = Buffer.from([0xba, 0x3e, 3, 1, 2, 3]);
        const line = await alice.phone.listen();
        const id = 77;
        line.raw(
          Buffer.concat([encode('ClientFrame', { send: { id, request: alice.phone.letter([bob], 'one') } }), later]),
        );
        t.equal('in a frame', verdictOf(await line.answer(id)), 'accepted');
        const body = Buffer.concat([encode('SendRequest', alice.phone.letter([bob], 'two')), later]);
        t.equal('in a body', (await alice.phone.postBytes(body)).status, 200);
        t.equal('both are stored', (await mailboxOf(bob.phone)).mail.map(textOf), ['one', 'two']);
      },
    },
    {
      mark: 'B',
      name: 'frames that are none',
      run: async (t) => {
        const [alice, bob] = await (await t.tenant()).two();
        const frames = [
          ['bytes that are no protobuf', Buffer.from('ffffffffff', 'hex'), 4400],
          ['a text frame', 'hello', 1003],
          ['more than 1 MiB', Buffer.alloc(1024 * 1024 + 1), 1009],
        ] as const;
        for (const [name, bytes, code] of frames) {
          const line = await alice.phone.listen();
          line.raw(bytes);
          t.equal(`${name}: closed with`, (await line.end()).code, code);
        }
        const line = await alice.phone.listen();
        for (const [name, frame] of [
          ['an empty list of acks', { acks: { acks: [] } }],
          ['an ack whose id is short', { acks: { acks: [{ sequence: 1, id: Buffer.alloc(3) }] } }],
          ['a frame without anything', {}],
        ] as const) {
          line.say(frame);
          t.equal(`${name}: a problem`, (await line.next('problem')).code, 'malformed');
        }
        t.equal('and the connection goes on', verdictOf(await line.send(alice.phone.letter([bob], 'x'))), 'accepted');
      },
    },
    {
      mark: 'B',
      name: 'bodies of REST: type, size, depth',
      run: async (t) => {
        const [alice, bob] = await (await t.tenant()).two();
        const letter = encode('SendRequest', alice.phone.letter([bob], 'x'));
        const path = '/v1/messages';
        const wrongType = await alice.phone.ask({ method: 'POST', path, type: JSON_TYPE, body: '{}' });
        t.equal('a send in JSON', [wrongType.status, wrongType.code], [415, 'unsupported_media']);
        const cut = await alice.phone.postBytes(letter.subarray(0, letter.length - 4));
        t.equal('a protobuf that ends early', [cut.status, cut.code], [400, 'malformed']);
        const big = await settled(alice.phone.postBytes(Buffer.alloc(1024 * 1024 + 1)));
        t.that('more than 1 MiB', !(big instanceof Error) && big.code === 'too_large', 'code' in big ? big.code : big);
        const bundles = async (body: string): Promise<string> =>
          (await alice.phone.ask({ method: 'POST', path: `/v1/accounts/${bob.id}/bundles`, type: JSON_TYPE, body }))
            .code;
        const deep = `{"devices":${'['.repeat(17)}${']'.repeat(17)}}`;
        t.equal('JSON deeper than 16', await bundles(deep), 'malformed');
        t.equal('JSON over 64 KiB', await bundles(`{"devices":["${'x'.repeat(66_000)}"]}`), 'too_large');
        t.equal('no JSON', await bundles('{'), 'malformed');
        t.equal('nothing was stored', (await mailboxOf(bob.phone)).head, 0);
      },
    },
    {
      mark: 'B',
      name: 'four hundred damaged requests: an answer each, never a 500, nothing half',
      run: async (t) => {
        const [alice, bob] = await (await t.tenant()).two();
        let accepted = 0;
        const codes = new Map<string, number>();
        for (let round = 0; round < 40; round += 1) {
          const answers = await Promise.all(
            Array.from({ length: 10 }, async () => {
              const body = damaged(encode('SendRequest', alice.phone.letter([bob], 'damaged')));
              return { ...(await alice.phone.postBytes(body)), isStored: !isEphemeral(body) };
            }),
          );
          for (const { status, code, isStored } of answers) {
            if (status === 200 && isStored) accepted += 1;
            if (status >= 500) t.equal('never a 500', status, 'a clear answer');
            codes.set(code || 'accepted', (codes.get(code || 'accepted') ?? 0) + 1);
          }
        }
        t.equal('what is stored is what was accepted', (await mailboxOf(bob.phone)).head, accepted);
        t.saw([...codes].map(([code, count]) => `${code} ${count}`).join(', '));
      },
    },
    {
      mark: 'B',
      name: 'good and bad ones at once: each fares as it would alone',
      run: async (t) => {
        const tenant = await t.tenant();
        const [bob, ...senders] = await tenant.accounts(9);
        if (bob === undefined) throw new Error('no account');
        const good: string[] = [];
        await Promise.all(
          senders.map(async (sender, index) => {
            const line = await sender.phone.listen();
            const wrong = wrongRequests(sender, bob);
            const asked = Array.from({ length: 20 }, (_, step) => {
              const [, code, request] = wrong[(index + step) % wrong.length]!;
              const letter = sender.phone.letter([bob], `good ${index} ${step}`);
              return step % 2 === 0 ? { code: 'accepted', request: letter } : { code, request };
            });
            await Promise.all(
              asked.map(async ({ code, request }) => {
                t.equal('as it would alone', verdictOf(await line.send(request)), code);
                if (code === 'accepted') good.push(request.recipients[0]!.envelopes[0]!.content.toString());
              }),
            );
          }),
        );
        t.equal('all good ones are there', (await mailboxOf(bob.phone)).mail.map(textOf).sort(), good.sort());
      },
    },
    { mark: 'B', name: 'a body over a route that has none, a route that is none', run: roads },
  ],
};

type Wrong = readonly [name: string, code: string, request: SendRequest];

function wrongRequests(from: Account, to: Account): readonly Wrong[] {
  const { phone } = from;
  const letter = phone.letter([to], 'x');
  const recipient = phone.cover(to, 'x');
  const envelope = to.phone.envelope('x');
  const many = Array.from({ length: 1001 }, () => ({ ...envelope, deviceId: randomBytes(16) }));
  const changed = (change: Partial<SendRequest>): SendRequest => ({ ...phone.letter([to], 'x'), ...change });
  const envelopes = (list: readonly (typeof envelope)[]): SendRequest =>
    changed({ recipients: [{ ...recipient, envelopes: list }] });
  return [
    ['no recipient', 'malformed', changed({ recipients: [] })],
    ['a recipient without an envelope', 'malformed', envelopes([])],
    ['a device twice', 'malformed', envelopes([envelope, envelope])],
    ['an account twice', 'malformed', changed({ recipients: [...letter.recipients, ...letter.recipients] })],
    ['an empty envelope', 'malformed', envelopes([{ ...envelope, content: Buffer.alloc(0) }])],
    ['an envelope over 64 KiB', 'too_large', envelopes([{ ...envelope, content: Buffer.alloc(65_537) }])],
    ['1,001 envelopes', 'too_large', envelopes(many)],
    ['registration id 0', 'malformed', envelopes([{ ...envelope, registrationId: 0 }])],
    ['registration id 16,384', 'malformed', envelopes([{ ...envelope, registrationId: 16_384 }])],
    ['no kind', 'malformed', envelopes([{ ...envelope, kind: 0 }])],
    ['a short account id', 'malformed', changed({ recipients: [{ ...recipient, accountId: Buffer.alloc(5, 1) }] })],
    ['a short key', 'malformed', changed({ idempotencyKey: Buffer.alloc(4) })],
    ['a day and an hour old', 'time_out_of_range', changed({ clientTimestamp: Date.now() - 25 * HOUR })],
    ['a day and an hour ahead', 'time_out_of_range', changed({ clientTimestamp: Date.now() + 25 * HOUR })],
    ['a class that is none', 'malformed', changed({ class: 9 })],
  ];
}

/** What is damaged may have become a request that is good, and for nobody to keep. */
function isEphemeral(body: Uint8Array): boolean {
  try {
    return decode<SendRequest>('SendRequest', body).class === EPHEMERAL;
  } catch {
    return false;
  }
}

/** A few bytes changed, cut, doubled or put in. */
function damaged(bytes: Buffer): Buffer {
  const at = randomInt(bytes.length);
  switch (randomInt(4)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), randomBytes(3), bytes.subarray(at)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes]);
    default: {
      const changed = Buffer.from(bytes);
      changed[at] = randomInt(256);
      return changed;
    }
  }
}

async function roads(t: Trial): Promise<void> {
  const { phone } = await (await t.tenant()).account();
  const nowhere = await phone.ask({ method: 'GET', path: '/v1/nowhere' });
  t.equal('a route that is none', [nowhere.status, nowhere.code], [404, 'not_found']);
  const put = await phone.ask({ method: 'PUT', path: '/v1/messages', type: PROTOBUF, body: Buffer.alloc(1) });
  t.equal('a method that is none', [put.status, put.code], [405, 'method_not_allowed']);
  for (const id of ['x', '../..', '%00', '0'.repeat(36)]) {
    const answer = await phone.ask({ method: 'GET', path: `/v1/accounts/${encodeURIComponent(id)}/devices` });
    t.that(`the id ${id}: no fault of the server`, answer.status >= 400 && answer.status < 500, answer.status);
  }
}
