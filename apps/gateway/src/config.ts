import { environment, readConfig } from '../../../libs/platform/config.js';
import {
  completeHttp,
  HTTP_SETTINGS,
  NODE_SETTINGS,
  PROCESS_SETTINGS,
  PUBLIC_SETTINGS,
} from '../../../libs/serving/settings.js';

export const GATEWAY_SETTINGS = { ...PROCESS_SETTINGS, ...HTTP_SETTINGS, ...PUBLIC_SETTINGS, ...NODE_SETTINGS };

/** Connections to PostgreSQL: commits, lanes, pages, acks and claims side by side. */
const CONNECTIONS = 12;

export function gatewayConfig() {
  const read = readConfig(GATEWAY_SETTINGS, environment());
  return Object.freeze({ ...read, ...completeHttp(read), connections: CONNECTIONS });
}
