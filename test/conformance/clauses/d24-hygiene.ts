import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clause } from '../clause.js';
import { settled, upTo } from '../client/look.js';
import { EPHEMERAL } from '../client/wire.js';

/** A client's address that nothing else has: the whole of 127/8 is this machine. */
const ADDRESS = '127.77.66.55';
const FORWARDED = '203.0.113.77';

export const d24: Clause = {
  id: 'D24',
  title: 'Hygiene',
  says: [
    'No ciphertext, token, IP address, or pair (sender, recipient) in any log (PostgreSQL’s own included), metric label, trace or error. Redis never holds a payload. Checked by planting canaries and searching everything, with a positive control.',
  ],
  parts: [
    {
      mark: 'P',
      name: 'canaries in everything that is sent, and a search through everything that is kept',
      run: async (t) => {
        const [one, two] = t.twoNodes();
        const [alice, bob] = await (await t.tenant()).two();
        const canary = `canary-${bob.id.slice(0, 8)}-in-the-coal-mine`;
        const [line, reading] = [await alice.phone.listen(one), await bob.phone.listen(two)];
        for (const step of upTo(3)) await line.send(alice.phone.letter([bob], `${canary} ${step}`));
        await line.send(alice.phone.letter([bob], canary, { class: EPHEMERAL }));
        await alice.phone.post(alice.phone.letter([bob], canary));
        reading.ackThrough((await reading.receive(4))[3]!);
        // Refusals and faults are where logs are written.
        await alice.phone.postBytes(Buffer.concat([Buffer.from([0xff]), Buffer.from(canary)]));
        await settled(line.send(alice.phone.letter([bob], Buffer.concat([Buffer.from(canary), Buffer.alloc(65_536)]))));
        line.raw(Buffer.concat([Buffer.from('ffff', 'hex'), Buffer.from(canary)]));
        const token = await alice.phone.token();
        await alice.phone.ask({ method: 'GET', path: `/v1/keys?token=${token}` });
        await alice.phone.ask({ method: 'GET', path: '/v1/keys', headers: { 'x-forwarded-for': FORWARDED } });
        for (const path of ['/v1/keys', '/v1/nowhere', '/v1/server']) await fromAddress(t.place.api + path, token);

        const folder = mkdtempSync(join(tmpdir(), 'sotto-conformance-logs-'));
        try {
          await t.control.act('logs', folder);
          const files = readdirSync(folder);
          t.that(
            'there is something to search',
            files.some((name) => name.startsWith('log-')) && files.some((name) => name.startsWith('metrics-')),
            files,
          );
          const traces: readonly (readonly [string, readonly string[]])[] = [
            ['ciphertext', encodings(canary)],
            ['an access token', [token, token.split('.')[2] ?? token]],
            ['the admin’s token', [t.place.adminToken]],
            ['an IP address', [ADDRESS, FORWARDED]],
          ];
          for (const [name, needles] of traces) t.equal(name, found(folder, needles), []);
          const pair = [alice.id, bob.id, alice.phone.id, bob.phone.id];
          t.equal('a pair of sender and recipient', linesWithBoth(folder, pair), []);
          writeFileSync(
            join(folder, 'planted'),
            `log ${encodings(canary)[2]} ${token} ${ADDRESS}\n${alice.id} wrote to ${bob.id}\n`,
          );
          for (const [name, needles] of traces.filter((each) => !each[0].startsWith('the admin')))
            t.equal(`positive control: ${name} is found where it was planted`, found(folder, needles), ['planted']);
          t.equal('positive control: the pair', linesWithBoth(folder, pair), ['planted']);
          t.saw(`${files.length} files searched`);
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      },
    },
  ],
};

/** As it is, in hex, and in base64 at each of the three places where it may begin. */
function encodings(text: string): readonly string[] {
  const aligned = [0, 1, 2].map((pad) =>
    Buffer.from(' '.repeat(pad) + text)
      .toString('base64')
      .slice(pad + 2, -6),
  );
  return [
    text,
    Buffer.from(text).toString('hex'),
    ...aligned,
    ...aligned.map((each) => each.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}

function found(folder: string, needles: readonly string[]): readonly string[] {
  return readdirSync(folder).filter((name) => {
    const bytes = readFileSync(join(folder, name));
    return needles.some((needle) => bytes.includes(needle));
  });
}

function linesWithBoth(
  folder: string,
  [sender = '', recipient = '', from = '', to = '']: readonly string[],
): readonly string[] {
  const isPair = (line: string): boolean =>
    (line.includes(sender) || line.includes(from)) && (line.includes(recipient) || line.includes(to));
  // A dump of Redis has no lines; what is searched there is a window.
  return readdirSync(folder).filter((name) => readFileSync(join(folder, name), 'latin1').split('\n').some(isPair));
}

async function fromAddress(url: string, token: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const asked = request(url, { localAddress: ADDRESS, headers: { authorization: `DPoP ${token}` } }, (answer) => {
      answer.resume();
      answer.on('end', resolve);
    });
    asked.on('error', () => resolve());
    asked.end();
  });
}
