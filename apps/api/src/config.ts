import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ConfigError, port, postgresUrl, readConfig, redisUrl, setting } from '../../../libs/platform/config.js';

const url = z
  .url({ protocol: /^https?$/, error: 'is an http or https URL' })
  .transform((text) => text.replace(/\/$/, ''));

export const API_SETTINGS = {
  databaseUrl: setting('DATABASE_URL', postgresUrl, { about: 'PostgreSQL 15 to 18', secret: true }),
  redisUrl: setting('REDIS_URL', redisUrl.optional(), {
    about: 'Redis or Valkey 7; needed as soon as there is more than one process',
    secret: true,
  }),
  host: setting('SOTTO_HOST', z.string().default('127.0.0.1'), {
    about: 'Address to listen on; beyond the loopback only with TLS or behind a trusted proxy',
  }),
  port: setting('SOTTO_PORT', port.default(8080), { about: 'Port to listen on; 0: a free one' }),
  issuer: setting('SOTTO_ISSUER', url.optional(), {
    about: 'Public URL of the API: `aud` of token assertions. Default: the address listened on',
  }),
  gatewayUrl: setting('SOTTO_GATEWAY_URL', z.url({ protocol: /^wss?$/, error: 'is a ws or wss URL' }).optional(), {
    about: 'Public WebSocket URL of the gateway, without path. Default: the address listened on',
  }),
  masterKeyFile: setting('SOTTO_MASTER_KEY_FILE', z.string().default('.sotto/master-key'), {
    about: 'File with the key that wraps the token-signing keys in PostgreSQL; mode 0600, made when absent',
  }),
  logLevel: setting('SOTTO_LOG_LEVEL', z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'), {
    about: 'Least level that is logged',
  }),
  tlsCertFile: setting('SOTTO_TLS_CERT_FILE', z.string().optional(), {
    about: 'PEM certificate chain; with SOTTO_TLS_KEY_FILE the server speaks TLS itself',
  }),
  tlsKeyFile: setting('SOTTO_TLS_KEY_FILE', z.string().optional(), { about: 'PEM private key' }),
  trustedProxies: setting(
    'SOTTO_TRUSTED_PROXIES',
    z
      .string()
      .default('')
      .transform((text) => text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]))),
    { about: 'Addresses or networks, separated by commas, of the proxies that end TLS in front of the server' },
  ),
};

export type ApiConfig = ReturnType<typeof apiConfig>;

/** Throws ConfigError with everything that is wrong. */
export function apiConfig(env: Readonly<Record<string, string | undefined>>) {
  const read = readConfig(API_SETTINGS, env);
  const { tlsCertFile, tlsKeyFile } = read;
  if ((tlsCertFile === undefined) !== (tlsKeyFile === undefined)) {
    throw new ConfigError('SOTTO_TLS_CERT_FILE and SOTTO_TLS_KEY_FILE belong together: set both or none');
  }
  const tls =
    tlsCertFile === undefined || tlsKeyFile === undefined
      ? undefined
      : { cert: readFileSync(tlsCertFile), key: readFileSync(tlsKeyFile) };
  const place = `${read.host.includes(':') ? `[${read.host}]` : read.host}:${read.port}`;
  const secure = tls === undefined ? '' : 's';
  return Object.freeze({
    ...read,
    tls,
    issuer: read.issuer ?? `http${secure}://${place}`,
    gatewayUrl: read.gatewayUrl ?? `ws${secure}://${place}`,
  });
}
