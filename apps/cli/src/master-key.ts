import { readConfig } from '../../../libs/platform/config.js';
import { readMasterKey, type MasterKey } from '../../../libs/platform/secrets.js';
import { PROCESS_SETTINGS } from '../../../libs/serving/settings.js';
import type { World } from './world.js';

/** The file that the server reads; `sotto up` gives it the one in `.sotto/` unless told otherwise. */
export function masterKeyFile({ env, home }: World): string {
  const given = env[PROCESS_SETTINGS.masterKeyFile.variable]?.trim() ?? '';
  return given === '' ? home.masterKey : given;
}

/** The key, and the one before where the settings name it. Throws ConfigError for a missing file, an open one and a wrong content. */
export function masterKeyOf(world: World): MasterKey {
  const { before } = readConfig({ before: PROCESS_SETTINGS.previousMasterKeyFile }, world.env);
  return readMasterKey(masterKeyFile(world), before === undefined ? undefined : readMasterKey(before));
}
