import type { Command } from 'commander';
import { Trouble } from '../trouble.js';

/** What every command takes that talks to the admin routes. */
export function withAdmin(command: Command): Command {
  return command
    .option('--server <url>', 'the server (else SOTTO_SERVER, else the one started here)')
    .option('--token-file <file>', 'file with an admin token (else SOTTO_ADMIN_TOKEN, else .sotto/admin-token)');
}

/** What changes something may say why; the audit keeps it. */
export function withReason(command: Command): Command {
  return command.option('--reason <text>', 'why, for the audit (at most 300 characters)');
}

export function wholeNumber(what: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
    throw new Trouble(`"${text}" is not a whole number.`, `Give one for ${what}.`, 2);
  };
}
