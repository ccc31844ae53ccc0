import { environment, readConfig } from '../../../libs/platform/config.js';
import {
  completeHttp,
  HTTP_SETTINGS,
  NODE_SETTINGS,
  PROCESS_SETTINGS,
  PUBLIC_SETTINGS,
} from '../../../libs/serving/settings.js';

export const API_SETTINGS = { ...PROCESS_SETTINGS, ...HTTP_SETTINGS, ...PUBLIC_SETTINGS, ...NODE_SETTINGS };

const CONNECTIONS = 10;

/** Throws ConfigError with everything that is wrong. */
export function apiConfig() {
  const read = readConfig(API_SETTINGS, environment());
  return Object.freeze({ ...read, ...completeHttp(read), connections: CONNECTIONS });
}
