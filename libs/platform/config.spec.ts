import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigError, describeConfig, port, postgresUrl, readConfig, setting } from './config.js';

const SETTINGS = {
  url: setting('DATABASE_URL', postgresUrl, { about: 'Where PostgreSQL is.' }),
  port: setting('SOTTO_PORT', port.default(8080), { about: 'The port to listen on.' }),
  token: setting('SOTTO_TOKEN', z.string().default('planted'), { about: 'A secret.', secret: true }),
};

describe('readConfig', () => {
  it('turns text into typed, frozen values and fills in defaults; empty is absent', () => {
    const config = readConfig(SETTINGS, { DATABASE_URL: ' postgres://x/y ', SOTTO_PORT: '' });
    expect(config).toEqual({ url: 'postgres://x/y', port: 8080, token: 'planted' });
    expect(Object.isFrozen(config)).toBe(true);
    expect(readConfig(SETTINGS, { DATABASE_URL: 'postgres://x/y', SOTTO_PORT: '9000' }).port).toBe(9000);
  });

  it('names all faults at once, and no value', () => {
    const read = (): unknown => readConfig(SETTINGS, { DATABASE_URL: 'mysql://u:hunter2@h/d', SOTTO_PORT: '70000' });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/DATABASE_URL: begins with postgres:\/\/\n {2}SOTTO_PORT: /);
    expect(read).not.toThrow(/hunter2/);
    expect(() => readConfig(SETTINGS, {})).toThrow(/DATABASE_URL: is needed/);
  });
});

describe('describeConfig', () => {
  it('lists a shared variable once, with its readers, and never the default of a secret', () => {
    const { envExample, markdown } = describeConfig({ api: SETTINGS, worker: { url: SETTINGS.url } });
    expect(markdown).toContain('| `DATABASE_URL` | needed | api, worker | Where PostgreSQL is. |');
    expect(markdown).toContain('| `SOTTO_PORT` | `8080` | api | The port to listen on. |');
    expect(envExample.match(/DATABASE_URL=/g)).toHaveLength(1);
    expect(envExample).toContain('# SOTTO_PORT=8080\n');
    expect(envExample + markdown).not.toContain('planted');
  });
});
