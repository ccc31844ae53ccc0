import { createInterface } from 'node:readline/promises';
import { Trouble } from './trouble.js';
import type { World } from './world.js';

/** Asks a person. Without a terminal nobody is there to answer, and silence is not consent. */
export async function confirmed(world: World, question: string, { yes }: { readonly yes: boolean }): Promise<boolean> {
  if (yes) return true;
  if (world.input.isTTY !== true || !world.out.terminal) {
    throw new Trouble('This needs a yes, and nobody is at the terminal.', 'Look at what is shown, then run it with --yes.', 2);
  }
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
