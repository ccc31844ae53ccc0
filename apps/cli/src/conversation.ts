import { milliseconds, type Output } from './output.js';
import type { Participant } from './participant.js';

/** Both people with all their devices. */
export interface Cast {
  readonly alice: readonly Participant[];
  readonly bob: readonly Participant[];
}

interface Line {
  readonly from: string;
  readonly text: string;
}

export const SCRIPT = {
  opening: 'Hi Bob! Does this reach all of your devices?',
  answer: 'Every one of them. Where are you writing from?',
  laptop: 'Phone first, now the laptop. Both show the same conversation.',
  question: 'And the server in between?',
  end: 'It carries a sealed copy for each device, and can read none of them.',
} as const;

/** Each line is said, and shown as it comes out of each device that should have it. */
export async function playConversation(out: Output, cast: Cast): Promise<void> {
  await say(out, cast, { from: 'alice/phone', text: SCRIPT.opening });
  await say(out, cast, { from: 'bob/laptop', text: SCRIPT.answer });
  await say(out, cast, { from: 'alice/laptop', text: SCRIPT.laptop });
  await say(out, cast, { from: 'bob/tablet', text: SCRIPT.question });
  await say(out, cast, { from: 'alice/phone', text: SCRIPT.end });
}

/** One line from one device; resolves when every other device of both people has decrypted it. */
export async function say(out: Output, cast: Cast, { from, text }: Line): Promise<void> {
  const everybody = [...cast.alice, ...cast.bob];
  const sender = everybody.find(({ label }) => label === from);
  if (sender === undefined) throw new Error(`${from} is not in the cast`);
  const [to] = sender.person === 'alice' ? cast.bob : cast.alice;
  if (to === undefined) throw new Error('nobody to write to');
  out.line();
  out.line(`${name(out, from)}  ${out.paint('bold', `"${text}"`)}`);
  const { at, acceptedAfterMs } = await sender.send(to.accountId, text);
  const others = everybody.filter((one) => one !== sender);
  out.line(
    detail(
      out,
      `sent to ${String(others.length)} devices, sealed for each; accepted after ${milliseconds(acceptedAfterMs)}`,
    ),
  );
  const receipts = await Promise.all(others.map(async (device) => ({ device, receipt: await device.waitFor(text) })));
  for (const { device, receipt } of receipts.toSorted((a, b) => a.receipt.at - b.receipt.at)) {
    const what = receipt.message.own ? 'copy for the own account' : `trust: ${receipt.message.trust}`;
    const took = milliseconds(receipt.at - at);
    out.line(`${name(out, device.label)}  ${out.paint('dim', `received and decrypted after ${took} (${what})`)}`);
  }
}

function name(out: Output, label: string): string {
  return out.paint(label.startsWith('alice') ? 'cyan' : 'green', label.padStart(14));
}

function detail(out: Output, text: string): string {
  return `${' '.repeat(14)}  ${out.paint('dim', text)}`;
}
