import { environment, readConfig } from '../../../libs/platform/config.js';
import {
  completeHttp,
  HTTP_SETTINGS,
  NODE_SETTINGS,
  PROCESS_SETTINGS,
  PUBLIC_SETTINGS,
} from '../../../libs/serving/settings.js';

export const SERVER_SETTINGS = { ...PROCESS_SETTINGS, ...HTTP_SETTINGS, ...PUBLIC_SETTINGS, ...NODE_SETTINGS };

const CONNECTIONS = 16;

export function serverConfig() {
  const read = readConfig(SERVER_SETTINGS, environment());
  return Object.freeze({ ...read, ...completeHttp(read), connections: CONNECTIONS });
}
