import { describe, expect, it } from '@jest/globals';
import { createLogger, type LogLevel } from './log.js';

function logged(level: LogLevel, entry: object): string {
  let text = '';
  createLogger({ level, app: 'api' }, { write: (line) => (text += line) }).warn(entry, 'told');
  return text;
}

describe('createLogger', () => {
  it('says of an error what it is, and of its causes, but not the row that PostgreSQL quotes', () => {
    const database = Object.assign(new Error('duplicate key'), {
      code: '23505',
      constraint: 'mailbox_device_key',
      detail: 'Key (device)=(canary) already exists.',
      where: 'canary',
      parameters: ['canary'],
    });
    const text = logged('info', { err: new Error('not stored', { cause: database }) });
    expect(text).not.toContain('canary');
    expect(JSON.parse(text)).toMatchObject({
      app: 'api',
      msg: 'told',
      err: {
        message: 'not stored',
        cause: { code: '23505', constraint: 'mailbox_device_key', message: 'duplicate key' },
      },
    });
  });

  it('leaves out credentials, and a thing thrown that is no error', () => {
    const req = { headers: { authorization: 'Bearer canary', cookie: 'canary', accept: '*/*' } };
    const text = logged('info', { req, err: { body: 'canary' } });
    expect(text).not.toContain('canary');
    expect(text).toContain('*/*');
  });

  it('can be silent', () => {
    expect(logged('silent', {})).toBe('');
  });
});
