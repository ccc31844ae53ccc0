import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { nodeFlags } from './node-flags.js';

const dockerfile = readFileSync(join(import.meta.dirname, '../../deploy/Dockerfile'), 'utf8');

describe('the flags of Node', () => {
  it.each(['api', 'gateway', 'worker', 'server'])('are those of the image: %s', (app) => {
    const command = JSON.stringify(['node', ...nodeFlags(app), `dist/apps/${app}/src/main.js`]).replaceAll(',', ', ');
    expect(dockerfile).toContain(`AS ${app}\nCMD ${command}\n`);
  });

  it('give a process that serves sockets 32 MiB of young space at once', () => {
    const ask = "require('v8').getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size";
    const size = execFileSync(process.execPath, [...nodeFlags('gateway'), '-p', ask], { env: {}, encoding: 'utf8' });
    expect(Number(size)).toBe(32 * 1024 * 1024);
  });
});
