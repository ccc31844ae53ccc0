import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SottoClient } from './client.js';
import type { ReceivedMessage } from './inbox.js';
import { FakeServer } from './testing.js';

const key = new Uint8Array(32).fill(7);

/** Real clients with real stores in a folder that goes after each test, all on one fake server. */
export class TestPeople {
  readonly root = mkdtempSync(join(tmpdir(), 'sotto-sdk-'));
  readonly server = new FakeServer();
  private open: SottoClient[] = [];
  private count = 0;

  place(folder = `client-${String((this.count += 1))}`) {
    return { folder: join(this.root, folder), custody: { kind: 'key', key } as const, host: this.server.host };
  }

  /** Closed at the end. */
  kept(client: SottoClient): SottoClient {
    this.open.push(client);
    return client;
  }

  async person(): Promise<SottoClient> {
    const client = this.kept(await SottoClient.enrol({ ...this.place(), server: this.server.url, code: 'code' }));
    await client.connect();
    return client;
  }

  async closed(client: SottoClient): Promise<void> {
    this.open = this.open.filter((each) => each !== client);
    await client.close();
  }

  async restarted(client: SottoClient, folder: string): Promise<SottoClient> {
    await this.closed(client);
    return this.kept(await SottoClient.open(this.place(folder)));
  }

  async close(): Promise<void> {
    await Promise.all(this.open.map((client) => client.close()));
    rmSync(this.root, { recursive: true, force: true });
  }
}

type Hook = (run: () => Promise<void> | void) => void;

/** Anew for each test of the file, whose hooks these are. */
export function testPeople({ beforeEach, afterEach }: { readonly beforeEach: Hook; readonly afterEach: Hook }) {
  let people: TestPeople;
  beforeEach(() => {
    people = new TestPeople();
  });
  afterEach(async () => people.close());
  return (): TestPeople => people;
}

export async function next(client: SottoClient, many = 1): Promise<readonly ReceivedMessage[]> {
  const taken: ReceivedMessage[] = [];
  for await (const message of client.messages(AbortSignal.timeout(5_000))) {
    taken.push(message);
    if (taken.length === many) break;
  }
  return taken;
}

/** Fails by the time limit of the test. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}
