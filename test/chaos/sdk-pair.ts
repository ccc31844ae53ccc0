import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { settled } from '../conformance/client/look.js';
import type { Tenant } from '../conformance/client/tenant.js';
import { SottoClient } from '../../libs/sdk/client.js';
import { nodeHost } from '../../libs/sdk/host.js';
import type { Ledger } from './ledger.js';

const PAUSE = 150;
const TRIES = 5;
/** Of what a client told, for a person who looks for what did not arrive. */
const TOLD = 12;

/** Two people with the real SDK, each on another gateway, who write to each other with real encryption. */
export class SdkPair {
  private isWriting = true;
  private readonly reading = new AbortController();
  private readonly writing: Promise<void>[] = [];
  private readonly told = new Map<string, string[]>();
  private readonly givenUp = new AbortController();
  private readonly late: Promise<Error>;

  private constructor(
    private readonly clients: readonly SottoClient[],
    private readonly folder: string,
    private readonly ledger: Ledger,
  ) {
    this.late = new Promise((resolve) => {
      this.givenUp.signal.addEventListener('abort', () => resolve(new Error('no answer in time')));
    });
  }

  static async start(tenant: Tenant, ledger: Ledger): Promise<SdkPair> {
    const folder = mkdtempSync(join(tmpdir(), 'sotto-chaos-'));
    const { api, gateways } = tenant.place;
    const enrolled = gateways.slice(0, 2).map(async (gateway, index) => {
      const host: typeof nodeHost = {
        ...nodeHost,
        openSocket: async (url, options) => nodeHost.openSocket(gateway + new URL(url).pathname, options),
        warn: () => undefined,
      };
      const custody = { kind: 'key', key: new Uint8Array(32).fill(index + 1) } as const;
      const place = { folder: join(folder, String(index)), custody, host };
      const client = await again(async () =>
        SottoClient.enrol({ ...place, server: api, code: await tenant.invitation() }),
      );
      await client.connect();
      return client;
    });
    const pair = new SdkPair(await Promise.all(enrolled), folder, ledger);
    for (const index of pair.clients.keys()) pair.run(index);
    return pair;
  }

  async finish(): Promise<void> {
    this.isWriting = false;
    await Promise.all(this.writing);
  }

  giveUp(): void {
    this.givenUp.abort();
  }

  async close(): Promise<void> {
    this.reading.abort();
    for (const client of this.clients) await client.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** By name in the ledger, and the last that the client told. */
  get mailboxes(): readonly (readonly [name: string, deviceId: string, told: string])[] {
    return this.clients.map(({ me }, index) => {
      const told = this.told.get(nameOf(index)) ?? [];
      return [nameOf(index), me.deviceId, `the client told last: ${told.join(', ') || 'nothing'}`];
    });
  }

  private run(index: number): void {
    const [own, other] = [this.clients[index], this.clients[1 - index]];
    if (own === undefined || other === undefined) throw new Error('a pair has two');
    this.told.set(nameOf(index), this.listen(own));
    void this.read(own, nameOf(index));
    this.writing.push(this.write(own, { index, to: other.me.accountId }));
  }

  private async write(
    client: SottoClient,
    { index, to }: { readonly index: number; readonly to: typeof client.me.accountId },
  ): Promise<void> {
    const writer = `sdk-writer-${index}`;
    for (let step = 1; this.isWriting; step += 1) {
      const name = `${writer} ${step}`;
      this.ledger.begin({ name, writer, window: step, mailboxes: [nameOf(1 - index)], begunAt: Date.now() });
      const accepted = await Promise.race([settled(client.send(to, name).accepted), this.late]);
      if (accepted instanceof Error)
        this.ledger.report('refused', `the SDK gave up "${name}": ${accepted.message}`, Date.now());
      else this.ledger.accept(name, Date.now());
      await sleep(PAUSE);
    }
  }

  private listen(client: SottoClient): string[] {
    const told: string[] = [];
    client.subscribe((event) => {
      const why = 'error' in event ? ` ${event.error?.code ?? ''}` : 'reason' in event ? ` ${event.reason}` : '';
      told.push(`${new Date().toISOString().slice(11, 23)} ${event.kind}${why}`);
      if (told.length > TOLD) told.shift();
    });
    return told;
  }

  private async read(client: SottoClient, mailbox: string): Promise<void> {
    for await (const { text } of client.messages(this.reading.signal))
      this.ledger.deliver({ mailbox, name: text, at: Date.now(), connection: 1 });
  }
}

function nameOf(index: number): string {
  return `sdk-${index}`;
}

/** On a busy machine a limit that must be counted may say: later. */
async function again<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    const result = await settled(work());
    if (!(result instanceof Error)) return result;
    if (tries === TRIES) throw result;
    await sleep(1_000);
  }
}
