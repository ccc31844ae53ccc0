import { describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { Readable, Writable } from 'node:stream';
import { nodeHost } from '../../../libs/sdk/host.js';
import { homeAt } from './home.js';
import { Output } from './output.js';
import { buildProgram } from './program.js';

const nowhere = new Writable({
  write: (_chunk, _encoding, done) => {
    done();
  },
});

function program() {
  const said: string[] = [];
  const built = buildProgram({
    out: new Output({ stdout: nowhere, stderr: nowhere, colours: false }),
    env: {},
    home: homeAt('/nowhere'),
    host: nodeHost,
    input: Readable.from([]),
    interrupted: new AbortController().signal,
  });
  const write = (text: string): void => void said.push(text);
  const listen = (command: Command): void => {
    command.configureOutput({ writeOut: write, writeErr: write });
    command.commands.forEach(listen);
  };
  listen(built);
  return { built, said };
}

function leaves(
  command: Command,
  path: readonly string[] = [],
): { readonly command: Command; readonly name: string }[] {
  const here = [...path, command.name()];
  return command.commands.length === 0
    ? [{ command, name: here.slice(1).join(' ') }]
    : command.commands.flatMap((one) => leaves(one, here));
}

describe('the command line', () => {
  it('has every command that the design names', () => {
    const names = program()
      .built.commands.map((command) => command.name())
      .toSorted();
    expect(names).toEqual([
      'account',
      'audit',
      'chat',
      'demo',
      'devices',
      'doctor',
      'enrol',
      'import',
      'invite',
      'keys',
      'link',
      'migrate',
      'policy',
      'recovery',
      'restored',
      'tenant',
      'token',
      'trace',
      'trust',
      'up',
    ]);
  });

  it.each(leaves(program().built).map(({ name }) => name))('`%s` shows an example in its help', (name) => {
    const { built, said } = program();
    expect(() => built.parse([...name.split(' '), '--help'], { from: 'user' })).toThrow(/outputHelp/);
    expect(said.join('')).toMatch(new RegExp(`Examples?:\\n  \\$ .*sotto ${name.split(' ')[0] ?? ''}`));
  });

  it('suggests the command that was meant', () => {
    const { built, said } = program();
    expect(() => built.parse(['chta'], { from: 'user' })).toThrow(/unknown command/);
    expect(said.join('')).toContain('Did you mean chat?');
  });
});
