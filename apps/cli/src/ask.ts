import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Trouble } from './trouble.js';
import type { World } from './world.js';

/** Long enough for a line that stands in the terminal to arrive, too short for somebody to have read the question that follows. */
const SETTLE_MS = 150;

/** Without a terminal nobody is there to answer, and silence is not consent. To be asked before anything is begun. */
export function needsSomebody(world: World, { yes }: { readonly yes: boolean }): void {
  if (yes || (world.input.isTTY === true && world.out.terminal)) return;
  throw new Trouble(
    'This asks before it does anything, and nobody is at the terminal.',
    'Answer beforehand with --yes.',
    2,
  );
}

/** A secret is never an argument: those stand in the list of processes and in the shell's history. Also from a pipe. */
export async function secretLine(world: World, question: string): Promise<string> {
  const reader = createInterface({ input: world.input, output: process.stderr });
  const ended = new Promise<never>((_, reject) =>
    reader.once('close', () => {
      reject(new Error('the input has ended'));
    }),
  );
  try {
    return await Promise.race([reader.question(`${question} `, { signal: world.interrupted }), ended]);
  } catch {
    throw new Trouble('Nothing was typed.', 'Type it, or give it from a pipe.', 2);
  } finally {
    reader.close();
  }
}

/** Asks a person. */
export async function confirmed(world: World, question: string, { yes }: { readonly yes: boolean }): Promise<boolean> {
  if (yes) return true;
  await dropTypedAhead(world);
  const reader = createInterface({ input: world.input, output: process.stdout });
  try {
    const answer = await reader.question(`${question} (yes/no) `, { signal: world.interrupted });
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    return false;
  } finally {
    reader.close();
  }
}

/** A passphrase: at a terminal only, and without echo. */
export async function hiddenLine(world: World, question: string): Promise<string> {
  if (world.input.isTTY !== true)
    throw new Trouble('Nobody is at the terminal to type the passphrase.', 'Give it with --passphrase-file <file>.', 2);
  process.stderr.write(`${question} `);
  // readline draws what is typed on its output: this one shows nothing.
  const nowhere = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const reader = createInterface({ input: world.input, output: nowhere, terminal: true, historySize: 0 });
  const ended = new Promise<never>((_, reject) => {
    for (const event of ['close', 'SIGINT'] as const)
      reader.once(event, () => {
        reject(new Error('the input has ended'));
      });
  });
  try {
    return await Promise.race([reader.question('', { signal: world.interrupted }), ended]);
  } catch {
    throw new Trouble('Nothing was typed.', 'Type the passphrase, or give it with --passphrase-file <file>.', 2);
  } finally {
    ended.catch(() => undefined);
    reader.close();
    process.stderr.write('\n');
  }
}

/** What was typed before the question could be read answers nothing: whole lines that the kernel keeps, and the beginning of one. */
async function dropTypedAhead({ input, interrupted }: World): Promise<void> {
  const drop = (): void => undefined;
  // Only a raw terminal gives away a line that has not been ended.
  if (input.isTTY === true) input.setRawMode?.(true);
  input.on('data', drop);
  input.resume();
  await delay(SETTLE_MS, undefined, { signal: interrupted }).catch(() => undefined);
  input.off('data', drop);
  input.pause();
  if (input.isTTY === true) input.setRawMode?.(false);
}
