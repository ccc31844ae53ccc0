import { describe, expect, it } from '@jest/globals';
import { Writable } from 'node:stream';
import { enrolWith, harmless, Output, table } from './output.js';

function surface(options: { readonly terminal: boolean }) {
  const written = { out: '', err: '' };
  const into = (name: 'out' | 'err') =>
    Object.assign(
      new Writable({
        write: (chunk: Buffer, _encoding, done) => {
          written[name] += chunk.toString();
          done();
        },
      }),
      { isTTY: options.terminal },
    );
  return { written, out: new Output({ stdout: into('out'), stderr: into('err'), colours: options.terminal }) };
}

describe('what commands say', () => {
  it('is plain without a terminal: whole lines, no colours', async () => {
    const { out, written } = surface({ terminal: false });
    out.line(out.paint('red', 'text'));
    await out.step('Waiting', () => Promise.resolve());
    expect(written.out).toMatch(/^text\nWaiting …\nWaiting: \d+\.\d s\n$/);
  });

  it('grows one line in a terminal, and says when a step failed', async () => {
    const { out, written } = surface({ terminal: true });
    await expect(out.step('Waiting', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(written.out).toContain('Waiting … ');
    expect(written.out).toContain('failed');
  });

  it('gives what is said during a step a line of its own, and then names the step again', async () => {
    const { out, written } = surface({ terminal: true });
    await out.step('Enrolling', () => {
      out.line('by the way');
      return Promise.resolve();
    });
    expect(written.out.replaceAll(/\u001B\[\d+m/g, '')).toMatch(/^Enrolling … \nby the way\nEnrolling: \d+\.\d s\n$/);
  });

  it('leaves the choice of who keeps the key to be made where somebody is told how to come in', () => {
    expect(enrolWith('inv_7f', 'carol')).toBe('sotto enrol inv_7f --as carol --custody <keychain|passphrase|file>');
  });

  it('lines up the columns of a table', () => {
    expect(
      table([
        ['a', 'b'],
        ['long', 'c'],
      ]),
    ).toEqual(['a     b', 'long  c']);
  });

  it('lets nobody move the cursor or fake a line', () => {
    expect(harmless('a\u001B[2Jb\r\nc\u202Ed\te')).toBe('a\uFFFD[2Jb\uFFFD\uFFFDc\uFFFDd e');
  });

  it('keeps what anybody wrote from steering the terminal, in lines, troubles and tables, and keeps its own colours', () => {
    const { out, written } = surface({ terminal: true });
    const evil = '\u001B]0;title\u0007\u001B[2J\u009B1A\r\u202Eabc\u2066\u0008';
    out.line(`${out.paint('red', 'seen')} ${evil}`);
    out.error(evil);
    for (const row of table([
      [evil, 'two\nlines'],
      ['a', 'b'],
    ]))
      out.line(row);
    expect(written.out.startsWith('\u001B[31mseen\u001B[39m ')).toBe(true);
    const rest = (written.out + written.err).replace('\u001B[31mseen\u001B[39m ', '');
    expect(rest.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/);
    expect(rest.split('\n')).toHaveLength(5);
  });
});
