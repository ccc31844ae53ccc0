import { Command } from 'commander';
import { chatCommand } from './commands/chat.js';
import { upCommand } from './commands/up.js';
import { version } from './home.js';
import type { World } from './world.js';

/** `sotto`: what it can do, and how it answers when it is called wrongly. */
export function buildProgram(world: World): Command {
  const program = new Command('sotto');
  program
    .description('The command line of Sotto: end-to-end encrypted chat on all of a person’s devices')
    .version(version())
    .exitOverride()
    .showHelpAfterError('Add --help to see how it is used.')
    .addHelpText('after', '');
  upCommand(program, world);
  chatCommand(program, world);
  return program;
}
