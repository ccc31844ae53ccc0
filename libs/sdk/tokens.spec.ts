import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { SottoClient } from './client.js';
import type { Host } from './host.js';
import { testPeople } from './testing-people.js';

const people = testPeople({ beforeEach, afterEach });

/** The counter in the assertion of a token request. */
function counterIn(body: unknown): number {
  const { n } = decodeJwt<{ n: number }>(new URLSearchParams(String(body)).get('assertion') ?? '');
  return n;
}

describe('the counter of the assertions', () => {
  let used: number[];
  /** What happens between the server's answer to an assertion and its arrival. */
  let inBetween: () => void;

  beforeEach(() => {
    used = [];
  });

  function host(): Host {
    const { host: real } = people().server;
    return {
      ...real,
      fetch: async (url, request) => {
        const answer = await real.fetch(url, request);
        if (!url.endsWith('/v1/token')) return answer;
        used.push(counterIn(request.body));
        if (used.length === 1) inBetween();
        return answer;
      },
    };
  }

  async function enrolled(folder: string): Promise<SottoClient> {
    const { server } = people();
    return people().kept(
      await SottoClient.enrol({ ...people().place(folder), host: host(), server: server.url, code: 'code' }),
    );
  }

  function alarms(client: SottoClient): () => number {
    let count = 0;
    client.subscribe(({ kind }) => (count += Number(kind === 'store-restored')));
    return () => count;
  }

  it('is not used again when the answer is lost, and nobody is alarmed', async () => {
    inBetween = () => {
      throw new Error('the answer is lost');
    };
    const client = await enrolled('device');
    const alarmed = alarms(client);
    await client.connect();
    expect([used, alarmed()]).toEqual([[1, 2], 0]);
  });

  it('is on disk before the assertion goes out: a device that dies at that moment comes back with a higher one', async () => {
    const { root } = people();
    inBetween = () => {
      cpSync(join(root, 'device'), join(root, 'as it was'), { recursive: true });
      throw new Error('the power is cut');
    };
    const client = await enrolled('device');
    client.connect().catch(() => undefined);
    while (used.length === 0) await new Promise(setImmediate);
    await people().closed(client);
    // Whatever it did after that moment is not known to the disk of that moment.
    for (const device of people().server.devices.values()) device.counter = 1;
    used = [0];
    const again = people().kept(await SottoClient.open({ ...people().place('as it was'), host: host() }));
    const alarmed = alarms(again);
    await again.connect();
    expect([used, alarmed()]).toEqual([[0, 2], 0]);
  });
});
