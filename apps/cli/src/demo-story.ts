import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { SCRIPT } from './conversation.js';
import { enrolDemo, introduce, linkDemo } from './demo-people.js';
import { nextEvent, type DemoStage } from './demo-stage.js';
import { sameOrder } from './ledger.js';
import { milliseconds, seconds } from './output.js';
import type { Participant } from './participant.js';

interface Troupe {
  readonly alicePhone: Participant;
  readonly aliceLaptop: Participant;
  readonly bobPhone: Participant;
  readonly bobLaptop: Participant;
}

const numbered = (text: string, count: number) => Array.from({ length: count }, (_, at) => `${text} ${String(at + 1)}`);

/** The whole demo, act by act. Each act writes down what it saw. */
export async function playStory(stage: DemoStage): Promise<void> {
  const troupe = await gather(stage);
  await converse(stage, troupe);
  await writeToTheAbsent(stage, troupe);
  await killTheServer(stage, troupe);
  const bobTablet = await linkHalfWay(stage, troupe);
  await endConversation(stage, troupe, bobTablet);
  await revoke(stage, troupe);
  await lookAgain(stage);
}

async function gather(stage: DemoStage): Promise<Troupe> {
  const { out, place, adminToken } = stage.parts;
  return out.step('Enrolling alice (phone, laptop) and bob (phone, laptop)', async () => {
    const alicePhone = stage.enter(await enrolDemo(place, { person: 'alice', adminToken }));
    const bobPhone = stage.enter(await enrolDemo(place, { person: 'bob', adminToken }));
    const aliceLaptop = stage.enter(await linkDemo(place, { from: alicePhone, device: 'laptop' }));
    const bobLaptop = stage.enter(await linkDemo(place, { from: bobPhone, device: 'laptop' }));
    introduce(alicePhone, aliceLaptop, bobPhone, bobLaptop);
    return { alicePhone, aliceLaptop, bobPhone, bobLaptop };
  });
}

async function converse(stage: DemoStage, { alicePhone, aliceLaptop, bobLaptop }: Troupe): Promise<void> {
  stage.act('Two people, two devices each');
  const requests = await stage.counter('sotto_sends_total', 'outcome="accepted"');
  const envelopes = await stage.counter('sotto_envelopes_stored_total');
  await stage.say(alicePhone, SCRIPT.opening);
  await stage.say(bobLaptop, SCRIPT.answer);
  await stage.say(aliceLaptop, SCRIPT.laptop);
  const { lost } = stage.balance();
  const sent = (await stage.counter('sotto_sends_total', 'outcome="accepted"')) - requests;
  const stored = (await stage.counter('sotto_envelopes_stored_total')) - envelopes;
  stage.note(`the server took ${String(sent)} requests and stored ${String(stored)} envelopes`);
  stage.found({
    clause: 'D2',
    seen: '3 messages were 3 requests; each brought its copies to all 3 other devices',
    good: sent === 3 && stored === 9 && lost.length === 0,
  });
}

async function writeToTheAbsent(stage: DemoStage, { alicePhone, bobPhone, bobLaptop }: Troupe): Promise<void> {
  stage.act('bob/laptop is offline while it is written to');
  await bobLaptop.client.disconnect();
  const texts = numbered('While your laptop sleeps', 5);
  for (const text of texts) await stage.send(alicePhone, text);
  await stage.until(() => stage.textsOf(bobPhone).includes(texts.at(-1) ?? ''));
  stage.note(`5 messages accepted; bob/phone has them, bob/laptop has ${String(countOf(stage, bobLaptop, texts))}`);
  const before = countOf(stage, bobLaptop, texts);
  const start = performance.now();
  let emptied = 0;
  const unsubscribe = bobLaptop.client.subscribe(({ kind }) => {
    if (kind === 'queue-empty') emptied += 1;
  });
  const empty = begun(nextEvent(bobLaptop.client, 'queue-empty'));
  const late = 'And one while it wakes up';
  const sending = begun(stage.send(alicePhone, late));
  await bobLaptop.client.connect();
  const { at } = await empty;
  // What was decrypted before is handed over within this turn.
  await nextTurn();
  const toCome = texts.length - countOf(stage, bobLaptop, texts);
  await sending;
  await stage.settle();
  await delay(200);
  unsubscribe();
  stage.note(`bob/laptop is back: everything came, "queue empty" after ${milliseconds(at - start)}`);
  const order = sameOrder([...texts, late], stage.textsOf(bobLaptop));
  stage.found({ clause: 'D9', seen: 'what waited came in the order it was accepted', good: before === 0 && order });
  stage.found({
    clause: 'D12',
    seen: 'a message sent while it connected came once, behind the waiting ones',
    good: order,
  });
  stage.found({
    clause: 'D13',
    seen: `"queue empty" was said ${times(emptied)}, with ${String(toCome)} of those that had waited still to come`,
    good: emptied === 1 && toCome === 0,
  });
}

async function killTheServer(stage: DemoStage, { alicePhone, bobPhone, bobLaptop }: Troupe): Promise<void> {
  stage.act('The server is killed with kill -9, in the middle of sending');
  const { installation, out } = stage.parts;
  await bobLaptop.client.disconnect();
  let accepted = 0;
  const count = (): void => void (accepted += 1);
  const lines = [
    ...numbered('Alice, around the kill', 12).map((text) => stage.send(alicePhone, text).then(count)),
    ...numbered('Bob, around the kill', 12).map((text) => stage.send(bobPhone, text).then(count)),
  ];
  const all = begun(Promise.all(lines));
  await stage.until(() => accepted >= 6);
  await installation.server.kill();
  const before = accepted;
  stage.note(`killed after ${String(before)} of ${String(lines.length)} were accepted`);
  const start = performance.now();
  await out.step('   Starting it again', () => installation.startServer());
  await bobLaptop.client.connect();
  await all;
  await stage.settle();
  stage.note(`all ${String(lines.length)} arrived everywhere ${seconds(performance.now() - start)} after the kill`);
  const { lost, duplicated } = stage.balance();
  stage.found({
    clause: 'D1',
    seen: `${String(before)} messages accepted right before the kill were all delivered`,
    good: lost.length === 0,
  });
  stage.found({
    clause: 'D5',
    seen: `${String(lines.length - before)} without an answer were sent again by themselves; one copy each`,
    good: duplicated.length === 0,
  });
}

async function linkHalfWay(stage: DemoStage, { alicePhone, aliceLaptop, bobPhone }: Troupe): Promise<Participant> {
  stage.act('bob links a third device while alice is writing');
  const { place } = stage.parts;
  const mismatches = await stage.counter('sotto_sends_total', 'outcome="mismatch"');
  const texts = numbered('While you link', 8);
  const writing = begun(writeSlowly(stage, alicePhone, texts));
  const linked = await linkDemo(place, { from: bobPhone, device: 'tablet' });
  await writing;
  const tablet = stage.enter(linked);
  introduce(alicePhone, aliceLaptop, tablet);
  await stage.say(aliceLaptop, 'Hello, tablet!');
  await stage.settle();
  const got = texts.filter((text) => stage.textsOf(tablet).includes(text));
  stage.note(
    `the tablet has ${String(got.length)} of the 8 messages written meanwhile: those accepted after it was listed`,
  );
  const refused = (await stage.counter('sotto_sends_total', 'outcome="mismatch"')) - mismatches;
  stage.found({
    clause: 'D3',
    seen: `a send under the old device list was refused whole, then sent again to all devices (${times(refused)})`,
    good: refused > 0,
  });
  const suffix = texts.slice(texts.length - got.length);
  stage.found({
    clause: 'D4',
    seen: 'from the first message that the tablet got, it got every one',
    good: got.join() === suffix.join(),
  });
  return tablet;
}

async function writeSlowly(stage: DemoStage, from: Participant, texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    await stage.send(from, text, { may: ['bob/tablet'] });
    await delay(15);
  }
}

async function endConversation(stage: DemoStage, { alicePhone }: Troupe, bobTablet: Participant): Promise<void> {
  stage.act('Two and three devices');
  await stage.say(bobTablet, SCRIPT.question);
  await stage.say(alicePhone, SCRIPT.end);
}

async function revoke(stage: DemoStage, { alicePhone, aliceLaptop, bobPhone }: Troupe): Promise<void> {
  stage.act('alice removes her laptop');
  const stopped = begun(nextEvent(aliceLaptop.client, 'stopped'));
  const start = performance.now();
  await alicePhone.client.revokeDevice(aliceLaptop.client.me.deviceId);
  stage.leave(aliceLaptop);
  const answered = performance.now();
  const { event, at } = await stopped;
  const took = Math.max(at - answered, 0);
  const code = event.kind === 'stopped' ? event.error.code : event.kind;
  stage.note(
    `answered after ${milliseconds(answered - start)}; its socket was closed ${milliseconds(took)} later (${code})`,
  );
  const had = stage.textsOf(aliceLaptop).length;
  await stage.say(bobPhone, 'Is your laptop gone?');
  await stage.say(alicePhone, 'Yes, and it cannot read this.');
  await delay(200);
  const more = stage.textsOf(aliceLaptop).length - had;
  stage.found({
    clause: 'D17',
    seen: `the removed device lost its socket within 2 s and got ${String(more)} of 2 later messages`,
    good: took < 2_000 && code === 'revoked' && more === 0,
  });
}

async function lookAgain(stage: DemoStage): Promise<void> {
  stage.act('Every device connects once more');
  const before = stage.balance();
  await stage.reconnectAll();
  const after = stage.balance();
  const again =
    after.delivered +
    after.duplicated.length +
    after.astray.length -
    (before.delivered + before.duplicated.length + before.astray.length);
  stage.note(`${String(again)} messages came again`);
  stage.found({
    clause: 'D11',
    seen: 'what was acked is gone: nothing came again on new connections',
    good: again === 0,
  });
}

/** Awaited later; when the demo is interrupted before, nobody is left to hear that it failed. */
function begun<Result>(work: Promise<Result>): Promise<Result> {
  work.catch(() => undefined);
  return work;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${String(count)} times`;
}

function countOf(stage: DemoStage, device: Participant, texts: readonly string[]): number {
  return texts.filter((text) => stage.textsOf(device).includes(text)).length;
}
