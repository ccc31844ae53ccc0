import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { nodeHost } from '../../../libs/sdk/host.js';
import { confirmed } from './ask.js';
import { homeAt } from './home.js';
import { Output } from './output.js';
import type { World } from './world.js';

const nowhere = new Writable({
  write: (_chunk, _encoding, done) => {
    done();
  },
});

function worldWith(input: PassThrough): World {
  const out = new Output({ stdout: nowhere, stderr: nowhere, colours: false });
  return { out, env: {}, home: homeAt('/nowhere'), host: nodeHost, input, interrupted: new AbortController().signal };
}

describe('a question', () => {
  it('is not answered by what was typed before it was shown', async () => {
    const input = new PassThrough();
    input.write('yes\nyes\n');
    const answer = confirmed(worldWith(input), 'Remove it?', { yes: false });
    setTimeout(() => input.write('no\n'), 600);
    expect(await answer).toBe(false);
  });

  it('is answered by what is typed after it, also a second time', async () => {
    const input = new PassThrough();
    for (const [text, expected] of [
      ['yes\n', true],
      ['n\n', false],
      ['Y\n', true],
    ] as const) {
      const answer = confirmed(worldWith(input), 'Remove it?', { yes: false });
      setTimeout(() => input.write(text), 400);
      expect(await answer).toBe(expected);
    }
  });
});
