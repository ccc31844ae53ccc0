import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LinkStep } from '../protocol/link-frames.js';
import { parseLinkText } from '../protocol/link-text.js';
import { SottoClient } from './client.js';
import { SottoError } from './errors.js';
import type { ClientEvent } from './events.js';
import type { Host, HttpRequest } from './host.js';
import type { NewLink } from './link-new.js';
import { openLink, sealLink } from './link-seal.js';
import { FakeServer } from './testing.js';

let root: string;
let server: FakeServer;
let phone: SottoClient;
/** The answer to the next list does not come, though it was stored. */
let losesList = false;

const key = new Uint8Array(32).fill(5);
const place = (name: string) => ({
  folder: join(root, name),
  custody: { kind: 'key', key } as const,
  host: {
    ...server.host,
    fetch: async (url: string, request: HttpRequest) => {
      const answer = await server.host.fetch(url, request);
      if (!losesList || !url.endsWith('/v1/devices/lists')) return answer;
      losesList = false;
      throw new Error('the answer is lost');
    },
  },
});

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'sotto-link-'));
  server = new FakeServer();
  phone = await SottoClient.enrol({ ...place('phone'), server: server.url, code: 'code' });
  await phone.connect();
});

afterEach(async () => {
  await phone.close();
  rmSync(root, { recursive: true, force: true });
});

function open(): Promise<NewLink> {
  return SottoClient.openLink({ server: server.url, platform: 'test', name: 'laptop', host: server.host });
}

/** Both sides to the end, whatever it is: their error codes, or `linked`. */
async function run(
  link: NewLink,
  options: { readonly text?: string; readonly confirm?: boolean } = {},
): Promise<readonly [string, string]> {
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'linked',
      (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
    );
  const old = codeOf(phone.approveLink(options.text ?? link.text, { confirm: () => options.confirm ?? true }));
  const finish = async (): Promise<void> => {
    await link.account();
    await (await SottoClient.finishLink(link, place('laptop'))).close();
  };
  const fresh = codeOf(finish());
  return [await old, await fresh];
}

/** In which forms it stands there: as bytes, in hex, in decimals, in base64 wherever that may begin within something longer. */
function found(value: Uint8Array, all: Buffer): readonly string[] {
  const bytes = Buffer.from(value);
  const hex = bytes.toString('hex');
  const base64 = [0, 1, 2].map((before) =>
    // The first and the last characters depend on the neighbours.
    Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replaceAll('=', '')
      .slice(4, -2),
  );
  const forms: readonly (readonly [string, readonly (string | Buffer)[]])[] = [
    ['raw', [bytes]],
    ['hex', [hex, hex.toUpperCase()]],
    ['decimals', [bytes.join(',')]],
    ['base64', base64],
    ['base64url', base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))],
  ];
  return forms.filter(([, texts]) => texts.some((text) => all.includes(text))).map(([name]) => name);
}

/** Everything that goes to the server through this host: addresses, headers, bodies, frames. */
function heard(host: Host, sent: Buffer[]): Host {
  const note = (...parts: readonly (string | Uint8Array)[]): void =>
    void sent.push(...parts.map((part) => Buffer.from(part)));
  return {
    ...host,
    fetch: (url, request) => {
      note(url, JSON.stringify(request.headers), request.body ?? '');
      return host.fetch(url, request);
    },
    openSocket: async (url, options) => {
      note(url, JSON.stringify(options.headers), options.protocol);
      const socket = await host.openSocket(url, options);
      return {
        ...socket,
        send: (bytes) => {
          note(bytes);
          socket.send(bytes);
        },
      };
    },
  };
}

function devices(): number {
  return server.accounts.get(phone.me.accountId)?.lists.length ?? 0;
}

describe('linking', () => {
  it('ends with a device that opens and stands in the list', async () => {
    expect(await run(await open())).toEqual(['linked', 'linked']);
    expect((await phone.devices()).map(({ mayLink }) => mayLink).toSorted()).toEqual([false, true]);
    const laptop = await SottoClient.open(place('laptop'));
    expect(laptop.me).toMatchObject({
      accountId: phone.me.accountId,
      recoveryUnconfirmed: false,
      contactAddress: phone.me.contactAddress,
    });
    await laptop.connect();
    await laptop.close();
  });

  it('asks the person, and a no leaves nothing', async () => {
    expect(await run(await open(), { confirm: false })).toEqual(['link_refused', 'link_refused']);
    expect(devices()).toBe(1);
    expect(existsSync(join(root, 'laptop', 'sotto.db'))).toBe(false);
  });

  it('takes no contact address, no other text, no expired one and no other server, each by name', async () => {
    const confirm = () => true;
    const { text } = await open();
    await expect(phone.approveLink(phone.me.contactAddress, { confirm })).rejects.toMatchObject({
      code: 'contact_address_given',
    });
    expect(() => phone.addContact(text)).toThrow('link_text_given');
    await expect(phone.approveLink('hello', { confirm })).rejects.toMatchObject({ code: 'not_a_link_text' });
    const expired = text.replace(/expires=\d+/, 'expires=1');
    await expect(phone.approveLink(expired, { confirm })).rejects.toMatchObject({ code: 'link_expired' });
    const elsewhere = text.replace(/server=[^&]+/, 'server=http%3A%2F%2Fother.test');
    await expect(phone.approveLink(elsewhere, { confirm })).rejects.toMatchObject({ code: 'link_other_server' });
    const unknown = text.replace(/session=[^&]+/, 'session=AAAAAAAAAAAAAAAAAAAAAA');
    await expect(phone.approveLink(unknown, { confirm })).rejects.toMatchObject({ code: 'link_ended' });
  });

  it('never gives the secret of the link text to the server, in whatever form', async () => {
    const sent: Buffer[] = [];
    const host = heard(server.host, sent);
    const open = { ...place('heard'), host };
    const old = await SottoClient.enrol({ ...open, server: server.url, code: 'code' });
    await old.connect();
    const link = await SottoClient.openLink({ server: server.url, platform: 'test', name: 'new', host });
    const parsed = parseLinkText(link.text);
    if (parsed.kind === 'refused') throw new Error(parsed.reason);
    const approved = old.approveLink(link.text, { confirm: () => true });
    await link.account();
    const fresh = await SottoClient.finishLink(link, { ...place('laptop'), host });
    await approved;
    await fresh.connect();
    await Promise.all([fresh.close(), old.close()]);
    const { session, secret } = parsed.link;
    const all = Buffer.concat(sent);
    // That anything would be found is shown by the session, which has to go there.
    expect(found(session, all)).toContain('raw');
    expect(found(secret, all)).toEqual([]);
  });

  it('fails under another secret on both sides, and leaves nothing', async () => {
    const link = await open();
    const text = link.text.replace(/secret=[^&]+/, `secret=${'A'.repeat(43)}`);
    const [old, fresh] = await run(link, { text });
    expect(old).toBe('link_not_authentic');
    expect(fresh).toBe('link_not_authentic');
    expect(devices()).toBe(1);
  });

  const tampering: readonly [string, (steps: LinkStep[]) => (step: LinkStep) => readonly LinkStep[]][] = [
    [
      'altered',
      () => (step) => [
        step.step === 'sealed'
          ? { ...step, sealed: step.sealed.map((byte, index) => (index === 3 ? byte ^ 1 : byte)) }
          : step,
      ],
    ],
    ['repeated', () => (step) => [step, step]],
    [
      'replayed from an earlier step',
      (seen) => (step) => {
        seen.push(step);
        return [seen[0] ?? step];
      },
    ],
  ];

  it.each(tampering)('notices messages that were %s', async (_name, relay) => {
    server.relay.pass = relay([]);
    const [old, fresh] = await run(await open());
    expect([old, fresh]).toContain('link_not_authentic');
    expect([old, fresh]).not.toContain('linked');
    expect(existsSync(join(root, 'laptop', 'sotto.db'))).toBe(false);
    expect(devices()).toBe(1);
  });
});

describe('a linking that was left open', () => {
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'done',
      (error: unknown) => (error instanceof SottoError ? error.code : String(error)),
    );

  /** The new device has agreed, and nobody says what came of it. */
  async function leftOpen(drop: 'statement' | 'done'): Promise<readonly [string, string]> {
    const link = await open();
    let sealed = 0;
    const dropped = Promise.withResolvers<undefined>();
    server.relay.pass = (step) => {
      if (step.step !== 'sealed') return [step];
      sealed += 1;
      if (sealed !== (drop === 'statement' ? 3 : 4)) return [step];
      dropped.resolve(undefined);
      return [];
    };
    const patience = new AbortController();
    const old = codeOf(phone.approveLink(link.text, { confirm: () => true }));
    await link.account();
    const finished = SottoClient.finishLink(link, place('laptop'), { signal: patience.signal });
    const fresh = codeOf(finished.then((client) => client.close()));
    await dropped.promise;
    link.cancel();
    patience.abort();
    server.relay.pass = (step) => [step];
    return [await old, await fresh];
  }

  it('is over when nobody listed the device, and its folder is free again', async () => {
    const [old, fresh] = await leftOpen('statement');
    expect([old, fresh]).toEqual(['link_ended', 'link_ended']);
    expect(await codeOf(SottoClient.open(place('laptop')))).toBe('store_missing');
    expect(await run(await open())).toEqual(['linked', 'linked']);
  });

  it('is done when the list names the device, whoever heard of it', async () => {
    expect(await leftOpen('done')).toEqual(['done', 'done']);
    const laptop = await SottoClient.open(place('laptop'));
    expect(laptop.me.accountId).toBe(phone.me.accountId);
    await laptop.connect();
    await laptop.close();
  });

  it('is kept while the server is away, on both sides, and goes on when it is back', async () => {
    const link = await open();
    const old = codeOf(phone.approveLink(link.text, { confirm: () => true }));
    await link.account();
    losesList = true;
    const fresh = SottoClient.finishLink(link, place('laptop'));
    expect(await old).toBe('unreachable');
    expect(devices()).toBe(2);
    const decided = new Promise<ClientEvent>((resolve) => {
      phone.subscribe((event) => {
        if (event.kind === 'link-decided') resolve(event);
      });
    });
    await phone.disconnect();
    await phone.connect();
    expect(await decided).toMatchObject({ name: 'laptop', error: undefined });
    // The list was stored the first time: nothing is signed again.
    expect(devices()).toBe(2);
    await (await fresh).close();
  });
});

describe('a sealed message of linking', () => {
  const link = { session: new Uint8Array(16).fill(1), secret: new Uint8Array(32).fill(2) };
  const message = new TextEncoder().encode('hello');
  const sealed = sealLink(link, { direction: 'new-to-old', step: 'hello', message });

  it('opens for its own direction, step, session and secret alone', () => {
    expect(openLink(link, { direction: 'new-to-old', step: 'hello', sealed })).toEqual(message);
    const others = [
      () => openLink(link, { direction: 'old-to-new', step: 'hello', sealed }),
      () => openLink(link, { direction: 'new-to-old', step: 'statement', sealed }),
      () => openLink({ ...link, session: new Uint8Array(16) }, { direction: 'new-to-old', step: 'hello', sealed }),
      () => openLink({ ...link, secret: new Uint8Array(32) }, { direction: 'new-to-old', step: 'hello', sealed }),
    ];
    for (const other of others) expect(other).toThrow('link_not_authentic');
  });
});
