import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { textOf } from '../world/raw-device.js';
import { installationKind, World } from '../world/world.js';

/** Where streams are served: the second of two gateways, or the one server. */
const SERVES = installationKind() === 'split' ? 'gateway-2' : 'server';
const TAKES = installationKind() === 'split' ? 'gateway-1' : 'server';

describe('kill -9', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.alone();
  }, 120_000);

  afterAll(async () => {
    await world.close();
  }, 60_000);

  async function crash(name: string): Promise<void> {
    await world.processes.kill(name);
    await world.processes.startPart(name);
  }

  it('between write and ack: it comes again, same id, same sequence', async () => {
    const [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
    for (const text of ['one', 'two', 'three']) await alice.phone.post(alice.phone.letter([bob], text));
    const before = await bob.phone.connect(1);
    const mail = await before.mail(3);
    await crash(SERVES);
    expect((await before.end()).code).toBe(1006);
    const after = await bob.phone.connect(1);
    expect(await after.mail(3)).toEqual(mail);
    after.ack(mail, 'through');
    await after.next('queue-empty');
  });

  it('right after the answer, of every process: what was accepted is there, and is not accepted twice', async () => {
    const [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
    const line = await alice.phone.connect();
    const letters = ['over the stream', 'over REST'].map((text) => alice.phone.letter([bob], text));
    const [first, second] = letters;
    if (first === undefined || second === undefined) throw new Error('unreachable');
    const accepted = await line.send(first);
    expect(accepted.kind).toBe('accepted');
    expect((await alice.phone.post(second)).status).toBe(200);
    await world.processes.killAll();
    await world.processes.startAll();

    const again = await (await alice.phone.connect(1)).send(first);
    expect(again).toEqual(accepted);
    const bobs = await bob.phone.connect();
    expect((await bobs.next('ready')).ready.head).toBe(2);
    expect((await bobs.mail(2)).map(textOf)).toEqual(['over the stream', 'over REST']);
  }, 60_000);

  it('of the server in the middle of a conversation, twice: everything arrives, in order, once', async () => {
    const alice = await world.person('alice');
    const bob = await world.person('bob');
    const laptop = await bob.device('laptop');
    const texts = Array.from({ length: 60 }, (_, index) => `line ${index}`);
    const sends = [];
    for (const [index, text] of texts.entries()) {
      sends.push(alice.phone.send(bob, text));
      if (index === 20) await sends[10];
      if (index === 20) await crash(TAKES);
      if (index === 40) await crash(SERVES);
    }
    await Promise.all(sends);
    for (const device of [bob.phone, laptop]) {
      expect(await device.nextTexts(60)).toEqual(texts);
      expect(device.waiting).toEqual([]);
    }
  }, 60_000);

  it('of the server while the sender is restarted: one copy of each message it had been told to send', async () => {
    const alice = await world.person('alice');
    const bob = await world.person('bob');
    await alice.phone.send(bob, 'first');
    await world.processes.kill(TAKES);
    const texts = Array.from({ length: 5 }, (_, index) => `unsent ${index}`);
    for (const text of texts) alice.phone.client.send(bob.accountId, text).accepted.catch(() => undefined);
    await alice.phone.restart({ offline: true });
    await world.processes.startPart(TAKES);
    await alice.phone.goOnline();
    await alice.phone.client.flush();
    expect(await bob.phone.nextTexts(6)).toEqual(['first', ...texts]);
    await alice.phone.send(bob, 'last');
    expect(await bob.phone.nextText()).toBe('last');
    expect(bob.phone.waiting).toEqual([]);
  }, 60_000);

  it('starts nothing by halves: what fails while it starts says why and ends, also when it has joined the others', async () => {
    const { urls } = world.processes;
    await world.processes.kill(SERVES);
    const stranger = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) =>
      stranger.listen(Number(new URL(urls[SERVES] ?? '').port), '127.0.0.1', resolve),
    );
    const started = world.processes.startPart(SERVES).catch((error: unknown) => String(error));
    expect(await world.processes.gone(SERVES)).toBe(1);
    expect(await started).toContain('EADDRINUSE');
    await new Promise((resolve) => stranger.close(resolve));
    await world.processes.startPart(SERVES);
  }, 60_000);
});
