import { Command } from 'commander';
import { accountCommand } from './commands/account.js';
import { auditCommand } from './commands/audit.js';
import { chatCommand } from './commands/chat.js';
import { demoCommand } from './commands/demo.js';
import { devicesCommand } from './commands/devices.js';
import { doctorCommand } from './commands/doctor.js';
import { enrolCommand } from './commands/enrol.js';
import { importCommand } from './commands/import.js';
import { inviteCommand } from './commands/invite.js';
import { keysCommand } from './commands/keys.js';
import { linkCommand } from './commands/link.js';
import { migrateCommand } from './commands/migrate.js';
import { recoveryCommand } from './commands/recovery.js';
import { restoredCommand } from './commands/restored.js';
import { policyCommand, tenantCommand } from './commands/tenant.js';
import { tokenCommand } from './commands/token.js';
import { traceCommand } from './commands/trace.js';
import { trustCommand } from './commands/trust.js';
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
    .addHelpText(
      'after',
      `
First steps:
  $ ./sotto up               start everything here; makes alice and bob
  $ ./sotto chat alice       in a second terminal
  $ ./sotto chat bob         in a third one
Help for one command: sotto help chat`,
    );
  for (const add of COMMANDS) add(program, world);
  return program;
}

/** In the order in which help shows them. */
const COMMANDS = [
  upCommand,
  chatCommand,
  enrolCommand,
  linkCommand,
  devicesCommand,
  recoveryCommand,
  trustCommand,
  tenantCommand,
  policyCommand,
  accountCommand,
  importCommand,
  inviteCommand,
  tokenCommand,
  auditCommand,
  keysCommand,
  demoCommand,
  traceCommand,
  doctorCommand,
  migrateCommand,
  restoredCommand,
];
