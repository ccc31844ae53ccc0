import { join } from 'node:path';
import type { Command } from 'commander';
import { readOrCreateSecretFile } from '../../../libs/platform/secrets.js';
import { toBase64url } from '../../../libs/protocol/bytes.js';
import { custodyOf, type Custody } from '../../../libs/sdk/store/custody.js';
import { readPassphraseFile } from '../../../libs/sdk/store/key-file.js';
import { hiddenLine } from './ask.js';
import { Trouble } from './trouble.js';
import type { World } from './world.js';

/** What every command that opens a store takes. */
export interface CustodyOptions {
  readonly custody?: string;
  readonly keyFile?: string;
  readonly passphraseFile?: string;
}

const CHOICES = `Choose who keeps the key of the store:
  --custody keychain                    the keychain of this system
  --custody passphrase                  you; it is asked for (or --passphrase-file <file>)
  --custody file --key-file <file>      a file that only you can read; made when it is not there
  --custody demo                        nobody; demo tenants only`;

export function withCustody(command: Command): Command {
  return command
    .option('--custody <kind>', 'who keeps the key of the store: keychain, passphrase, file, demo; else as it was made')
    .option('--key-file <file>', 'with --custody file: 32 bytes in base64, mode 0600')
    .option('--passphrase-file <file>', 'with --custody passphrase: its first line is the passphrase, mode 0600');
}

/** For a store that exists: as it was made, unless a flag says otherwise. */
export function custodyFor(world: World, folder: string, options: CustodyOptions): Custody {
  const made = custodyOf(folder);
  const kind = options.custody ?? made?.kind;
  const path = options.keyFile ?? made?.path;
  return chosen(world, folder, { ...options, ...(kind && { custody: kind }), ...(path && { keyFile: path }) });
}

/** For a store that is going to be made. Nothing is chosen for anybody, but for a demo tenant. */
export function custodyForNew(
  world: World,
  folder: string,
  { options, demo }: { readonly options: CustodyOptions; readonly demo: boolean },
): Custody {
  const kind = options.custody ?? custodyOf(folder)?.kind ?? (demo ? 'demo' : undefined);
  const custody = custodyFor(world, folder, kind === undefined ? options : { ...options, custody: kind });
  if (custody.kind === 'file') readOrCreateSecretFile(custody.path, () => toBase64url(world.host.random(32)));
  return custody;
}

function chosen(world: World, folder: string, options: CustodyOptions): Custody {
  switch (options.custody) {
    case 'keychain':
    case 'demo':
      return { kind: options.custody };
    case 'passphrase': {
      const { passphraseFile } = options;
      return {
        kind: 'passphrase',
        ask: ({ creating }) =>
          passphraseFile === undefined
            ? askPassphrase(world, { creating, folder })
            : Promise.resolve(readPassphraseFile(passphraseFile)),
      };
    }
    case 'file':
      if (options.keyFile === undefined) throw new Trouble('--custody file needs --key-file <file>.', CHOICES, 2);
      return { kind: 'file', path: options.keyFile };
    case undefined:
      throw new Trouble('Nobody was chosen to keep the key.', CHOICES, 2);
    default:
      throw new Trouble(`There is no custody "${options.custody}".`, CHOICES, 2);
  }
}

async function askPassphrase(
  world: World,
  { creating, folder }: { readonly creating: boolean; readonly folder: string },
): Promise<string> {
  const first = await hiddenLine(world, `Passphrase of ${join(folder)}:`);
  if (creating && (await hiddenLine(world, 'Once more:')) !== first)
    throw new Trouble('The two passphrases differ.', 'Nothing was made. Begin again.', 2);
  return first;
}
