import { EmbeddedPostgresError } from '../../../libs/platform/embedded-binaries.js';
import { ConfigError } from '../../../libs/platform/config.js';
import { PROBLEMS, type ProblemCode } from '../../../libs/protocol/problems.js';
import { SottoError } from '../../../libs/sdk/errors.js';
import { harmless } from './output.js';

/** Exit codes: 0 done, 1 it did not work, 2 it was asked for wrongly. */
export type ExitCode = 0 | 1 | 2;

/** Something a person can mend: what happened, and what to do about it. Printed without a stack. */
export class Trouble extends Error {
  override readonly name = 'Trouble';

  constructor(
    readonly what: string,
    readonly advice: string,
    readonly exitCode: 1 | 2 = 1,
  ) {
    super(`${what} ${advice}`);
  }
}

const ADVICE: Partial<Record<ProblemCode, string>> = {
  unauthenticated:
    'Give a valid token (SOTTO_ADMIN_TOKEN, --token-file), or start the server here: npm start renews .sotto/admin-token.',
  scope_missing: 'Use a token that has the scope: sotto token create --scope …',
  assertion_invalid: 'If it was removed, or its account was reset: link or enrol a new device.',
  account_suspended: 'An admin has suspended the account; ask them.',
  not_found: 'Look at the id; the `list` commands show those that exist.',
  invitation_invalid: 'Ask for a new invitation: sotto invite create --tenant <id>',
  already_enrolled: 'The account has its first device. Add another with: sotto link new',
  device_limit: 'Revoke a device (sotto devices revoke), or raise devicesPerAccount (sotto tenant policy).',
  linking_off: 'An admin can allow it: sotto policy <tenant> linking=user',
  approval_pending: 'Ask an admin to look: sotto link pending --tenant <id>',
  approval_denied: 'Ask the admin why, then begin again with a new link text.',
  limited: 'Wait a little and try again.',
  not_stored: 'Look at the database: sotto doctor',
  unavailable: 'Look at the installation: sotto doctor',
  internal: 'Look into .sotto/server.log, then report it with the id that the answer names.',
};

export function adviceFor(code: ProblemCode): string {
  const general = {
    never: 'Trying again will not help.',
    changed: 'Change the request and try again.',
    later: 'Try again later.',
  };
  return ADVICE[code] ?? general[PROBLEMS[code].retry];
}

/** A native library of the client that the system cannot load. */
export function missingLibrary(error: unknown): Trouble | undefined {
  if (!(error instanceof Error) || (error as NodeJS.ErrnoException).code !== 'ERR_DLOPEN_FAILED') return undefined;
  const library = /(lib[\w+.-]+\.so[.\d]*): cannot open shared object/.exec(error.message)?.[1];
  if (library === undefined)
    return new Trouble(error.message, 'Sotto needs a Linux with glibc (not musl), or macOS. Then run: npm ci');
  const install = library.startsWith('libstdc++') ? 'sudo apt-get install libstdc++6' : `apt-file search ${library}`;
  return new Trouble(`The system library ${library} is missing.`, `Install the package that has it: ${install}`);
}

/** What to print for anything thrown, and the exit code. */
export function explain(error: unknown): { readonly lines: readonly string[]; readonly exitCode: ExitCode } {
  if (error instanceof Trouble)
    return { lines: `${error.what}\n${error.advice}`.split('\n'), exitCode: error.exitCode };
  if (error instanceof EmbeddedPostgresError) {
    const what = error.message.slice(0, error.message.length - error.advice.length).trim();
    return { lines: [what, error.advice], exitCode: 1 };
  }
  if (error instanceof SottoError) return { lines: explainSotto(error).map(harmless), exitCode: 1 };
  if (error instanceof ConfigError) return { lines: [error.message], exitCode: 2 };
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { lines: ['This is a fault of Sotto.', stack], exitCode: 1 };
}

function explainSotto(error: SottoError): readonly string[] {
  const { code, problem } = error;
  if (problem !== undefined) return [`${PROBLEMS[problem.code].title}: ${problem.detail}`, adviceFor(problem.code)];
  const detail = error.message.slice(`${code}: ${error.advice}`.length).trim();
  return [detail === '' ? code : `${code} (${detail})`, error.advice];
}
