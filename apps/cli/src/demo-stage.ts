import { setTimeout as delay } from 'node:timers/promises';
import type { ClientEvent } from '../../../libs/sdk/events.js';
import { say, type Cast } from './conversation.js';
import type { DemoPlace } from './demo-people.js';
import type { Installation } from './installation.js';
import { Ledger, type Balance } from './ledger.js';
import type { Output } from './output.js';
import type { Participant } from './participant.js';
import { Trouble } from './trouble.js';

/** One thing that was looked at, and the clause of the delivery contract that it shows. */
export interface Finding {
  readonly clause: string;
  readonly seen: string;
  readonly good: boolean;
}

export interface StageParts {
  readonly out: Output;
  readonly place: DemoPlace;
  readonly installation: Installation;
  readonly adminToken: string;
  readonly interrupted: AbortSignal;
}

const PATIENCE_MS = 20_000;

/** Everybody who takes part in the demo, everything they sent, and what was found out. */
export class DemoStage {
  readonly ledger = new Ledger();
  readonly findings: Finding[] = [];
  private readonly everybody = new Map<string, Participant>();
  private readonly active = new Set<string>();

  constructor(readonly parts: StageParts) {}

  enter(device: Participant): Participant {
    this.everybody.set(device.label, device);
    this.active.add(device.label);
    return device;
  }

  /** Removed from its account: nothing is for it any more. */
  leave(device: Participant): void {
    this.active.delete(device.label);
  }

  get cast(): Cast {
    const playing = [...this.everybody.values()].filter(({ label }) => this.active.has(label));
    return {
      alice: playing.filter(({ person }) => person === 'alice'),
      bob: playing.filter(({ person }) => person === 'bob'),
    };
  }

  /** One line, shown as it comes out of everybody's devices. */
  async say(from: Participant, text: string): Promise<void> {
    this.goOn();
    this.expect(from, text);
    await say(this.parts.out, this.cast, { from: from.label, text });
  }

  /** One line without waiting for anybody; resolves when it is accepted. */
  async send(from: Participant, text: string, options: { readonly may?: readonly string[] } = {}): Promise<void> {
    this.goOn();
    this.expect(from, text, options.may);
    const [to] = from.person === 'alice' ? this.cast.bob : this.cast.alice;
    if (to === undefined) throw new Error('nobody to write to');
    await from.send(to.accountId, text);
  }

  found(finding: Finding): void {
    this.findings.push(finding);
  }

  /** The heading of an act. */
  act(title: string): void {
    this.goOn();
    const { out } = this.parts;
    out.line();
    out.line(out.paint('bold', `── ${title}`));
  }

  note(text: string): void {
    this.parts.out.line(this.parts.out.paint('dim', `   ${text}`));
  }

  textsOf(device: Participant): readonly string[] {
    return device.received.map(({ message }) => message.text);
  }

  balance(): Balance {
    return this.ledger.compare(new Map([...this.everybody.values()].map((one) => [one.label, this.textsOf(one)])));
  }

  /** Until nothing is missing any more; what is still missing then is lost. */
  async settle(): Promise<void> {
    await this.until(() => this.balance().lost.length === 0);
  }

  /** False when it did not come true in time. */
  async until(holds: () => boolean): Promise<boolean> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!holds()) {
      this.goOn();
      if (performance.now() > deadline) return false;
      await delay(20);
    }
    return true;
  }

  /** Everybody's connection ends and begins again; resolves when each has been told that nothing waits any more. */
  async reconnectAll(): Promise<void> {
    const { alice, bob } = this.cast;
    await Promise.all(
      [...alice, ...bob].map(async ({ client }) => {
        await client.disconnect();
        const empty = nextEvent(client, 'queue-empty');
        await client.connect();
        await empty;
      }),
    );
  }

  /** A counter of the server, summed over its labels that match. */
  async counter(name: string, label = ''): Promise<number> {
    const { host, server } = this.parts.place;
    const { body } = await host.fetch(`${server}/metrics`, { method: 'GET', headers: {} });
    return sumOf(new TextDecoder().decode(body), { name, label });
  }

  /** An interrupted story goes no further, wherever it is. */
  private goOn(): void {
    if (this.parts.interrupted.aborted) throw new Trouble('Interrupted.', 'Everything that was made for it is gone.');
  }

  private expect(from: Participant, text: string, may: readonly string[] = []): void {
    const must = [...this.active].filter((label) => label !== from.label && !may.includes(label));
    this.ledger.sent(text, { must, may });
  }
}

/** The next event of a kind; a Trouble when it does not come. */
export async function nextEvent(
  client: Participant['client'],
  kind: ClientEvent['kind'],
): Promise<{ readonly event: ClientEvent; readonly at: number }> {
  const come = Promise.withResolvers<{ readonly event: ClientEvent; readonly at: number }>();
  const unsubscribe = client.subscribe((event) => {
    if (event.kind === kind) come.resolve({ event, at: performance.now() });
  });
  const late = setTimeout(() => {
    come.reject(
      new Trouble(`A device waited 20 s for "${kind}" and did not get it.`, 'Look into the log of the server.'),
    );
  }, PATIENCE_MS).unref();
  try {
    return await come.promise;
  } finally {
    clearTimeout(late);
    unsubscribe();
  }
}

/** Prometheus text: lines of `name{labels} value`, or `name value`. */
export function sumOf(metrics: string, wanted: { readonly name: string; readonly label: string }): number {
  return metrics
    .split('\n')
    .filter(
      (line) =>
        (line.startsWith(`${wanted.name}{`) || line.startsWith(`${wanted.name} `)) && line.includes(wanted.label),
    )
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
