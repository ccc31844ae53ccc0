import { describe, expect, it } from '@jest/globals';
import type { Logger } from './log.js';
import { Poller } from './poller.js';

describe('Poller', () => {
  it('tells of a failure once until a look succeeds, and waits at the end for the look that is under way', async () => {
    const told: string[] = [];
    const log = { warn: (_: object, message: string) => told.push(message) } as unknown as Logger;
    const fails = [true, true, false, true];
    let looks = 0;
    let end: () => void = () => undefined;
    let begun: () => void = () => undefined;
    const last = new Promise<void>((resolve) => (begun = resolve));
    const look = async () => {
      const failing = fails[looks];
      looks += 1;
      if (failing === true) throw new Error('no');
      if (looks <= fails.length) return;
      begun();
      await new Promise<void>((resolve) => (end = resolve));
    };
    const poller = new Poller(look, { every: 1, log, failing: 'it cannot be read' });
    poller.start();
    await last;
    expect(told).toEqual(['it cannot be read', 'it cannot be read']);
    let stopped = false;
    const stopping = poller.stop().then(() => (stopped = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(stopped).toBe(false);
    end();
    await stopping;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(looks).toBe(5);
  });
});
