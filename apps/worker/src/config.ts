import { environment, readConfig } from '../../../libs/platform/config.js';
import { HTTP_SETTINGS, PROCESS_SETTINGS } from '../../../libs/serving/settings.js';

const { host, port } = HTTP_SETTINGS;
export const WORKER_SETTINGS = { ...PROCESS_SETTINGS, host, port };

const CONNECTIONS = 6;

export function workerConfig() {
  return Object.freeze({ ...readConfig(WORKER_SETTINGS, environment()), connections: CONNECTIONS });
}
