import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { isNetwork } from './network.js';
import { ConfigError, port, postgresUrl, redisUrl, setting, type Configured } from '../platform/config.js';

/** What every process reads. */
export const PROCESS_SETTINGS = {
  databaseUrl: setting('DATABASE_URL', postgresUrl, { about: 'PostgreSQL 15 to 18', secret: true }),
  redisUrl: setting('REDIS_URL', redisUrl.optional(), {
    about: 'Redis or Valkey 7; needed as soon as there is more than one process',
    secret: true,
  }),
  masterKeyFile: setting('SOTTO_MASTER_KEY_FILE', z.string().default('.sotto/master-key'), {
    about: 'File with the key that wraps the token-signing keys in PostgreSQL; mode 0600, made when absent',
  }),
  previousMasterKeyFile: setting('SOTTO_PREVIOUS_MASTER_KEY_FILE', z.string().optional(), {
    about: 'Only while the master key is replaced: the file of the one before, which still unwraps what it wrapped',
  }),
  logLevel: setting('SOTTO_LOG_LEVEL', z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'), {
    about: 'Least level that is logged',
  }),
};

/** What every process reads that serves HTTP. */
export const HTTP_SETTINGS = {
  host: setting('SOTTO_HOST', z.string().default('127.0.0.1'), {
    about: 'Address to listen on; beyond the loopback only with TLS or behind a trusted proxy',
  }),
  port: setting('SOTTO_PORT', port.default(8080), { about: 'Port to listen on; 0: a free one' }),
  tlsCertFile: setting('SOTTO_TLS_CERT_FILE', z.string().optional(), {
    about: 'PEM certificate chain; with SOTTO_TLS_KEY_FILE the server speaks TLS itself',
  }),
  tlsKeyFile: setting('SOTTO_TLS_KEY_FILE', z.string().optional(), { about: 'PEM private key' }),
  trustedProxies: setting(
    'SOTTO_TRUSTED_PROXIES',
    z
      .string()
      .default('')
      .transform((text) => text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()])))
      .refine(
        (parts) => parts.every(isNetwork),
        'is a list of addresses or networks (10.0.0.0/8), separated by commas',
      ),
    {
      about:
        'Addresses or networks, separated by commas, of the proxies that end TLS in front of the server; ' +
        'what they say in X-Forwarded-For or Forwarded is where a client comes from',
    },
  ),
  failedAuthPerMinute: setting(
    'SOTTO_FAILED_AUTH_PER_MINUTE',
    z.coerce.number().int().min(1).max(1_000_000).default(10),
    {
      about:
        'Failed authentications and enrolments a minute from one network (IPv4 /24, IPv6 /56), where no tenant is known whose policy counts',
    },
  ),
};

const url = z
  .url({ protocol: /^https?$/, error: 'is an http or https URL' })
  .transform((text) => text.replace(/\/$/, ''));

/** Where clients find the API and the gateway. */
export const PUBLIC_SETTINGS = {
  issuer: setting('SOTTO_ISSUER', url.optional(), {
    about: 'Public URL of the API: `aud` of token assertions. Default: the address listened on',
  }),
  gatewayUrl: setting('SOTTO_GATEWAY_URL', z.url({ protocol: /^wss?$/, error: 'is a ws or wss URL' }).optional(), {
    about: 'Public WebSocket URL of the gateway, without path. Default: the address listened on',
  }),
};

/** Where nodes reach each other. */
export const NODE_SETTINGS = {
  linkHost: setting('SOTTO_LINK_HOST', z.string().default('127.0.0.1'), {
    about: 'Address of the node link; other nodes must reach it, nobody else',
  }),
  linkPort: setting('SOTTO_LINK_PORT', port.default(0), { about: 'Port of the node link; 0: a free one' }),
};

/** The files read, and the public addresses filled in; throws ConfigError. */
export function completeHttp(read: Configured<typeof HTTP_SETTINGS & typeof PUBLIC_SETTINGS>) {
  const { tlsCertFile, tlsKeyFile } = read;
  if ((tlsCertFile === undefined) !== (tlsKeyFile === undefined)) {
    throw new ConfigError('SOTTO_TLS_CERT_FILE and SOTTO_TLS_KEY_FILE belong together: set both or none');
  }
  const tls =
    tlsCertFile === undefined || tlsKeyFile === undefined
      ? undefined
      : { cert: readFileSync(tlsCertFile), key: readFileSync(tlsKeyFile) };
  const place = `${read.host.includes(':') ? `[${read.host}]` : read.host}:${String(read.port)}`;
  const secure = tls === undefined ? '' : 's';
  return {
    tls,
    issuer: read.issuer ?? `http${secure}://${place}`,
    gatewayUrl: read.gatewayUrl ?? `ws${secure}://${place}`,
  };
}
