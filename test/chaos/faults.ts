import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { NotRun } from '../conformance/clause.js';
import { settled } from '../conformance/client/look.js';
import { Stuck, type OwnInstallation } from '../conformance/own/installation.js';
import type { Acts } from './acts.js';
import type { Ledger } from './ledger.js';
import type { LinkLines } from './link-lines.js';
import type { Load } from './load.js';
import type { Fault } from './schedule.js';

const OWN = ['api', 'gateway-1', 'gateway-2', 'worker'];
const STORES = ['postgres', 'redis'];
const STARTS = 5;
const CONNECTIONS = 200;
/** Answers that were written before everything was stopped have been read by then. */
const LAST_WORDS = 500;

export interface Done {
  readonly fault: Fault;
  readonly from: number;
  readonly to: number;
  /** Why it was not done: this machine cannot. */
  readonly skipped: string | undefined;
}

/** Does one fault after another, and brings back what it took away. */
export class Faults {
  readonly done: Done[] = [];
  private readonly coming = new Map<string, Promise<void>>();
  /** Were told to end, and may still be there. */
  private readonly leaving = new Set<string>();
  /** Milliseconds from a start to being ready. */
  readonly starts: { readonly name: string; readonly took: number }[] = [];
  private backupAt: number | undefined;

  constructor(
    private readonly parts: {
      readonly installation: OwnInstallation;
      readonly links: LinkLines;
      readonly load: Load;
      readonly acts: Acts;
      readonly ledger: Ledger;
    },
  ) {}

  async perform(fault: Fault): Promise<Done> {
    await sleep(fault.after);
    await this.coming.get(fault.target);
    const from = Date.now();
    let skipped: string | undefined;
    try {
      await this.act(fault);
    } catch (error) {
      if (!(error instanceof NotRun)) throw error;
      skipped = error.message;
    }
    this.bringBack();
    const done = { fault, from, to: Date.now(), skipped };
    this.done.push(done);
    return done;
  }

  /** Until everything runs. */
  async startAll(): Promise<void> {
    this.bringBack();
    await Promise.all(this.coming.values());
  }

  /** As a supervisor does: what has ended is started again, while the next fault goes on. Stores come back with the fault that killed them. */
  private bringBack(): void {
    for (const name of OWN) {
      const isUp = this.parts.installation.pids.has(name) && !this.leaving.delete(name);
      if (isUp || this.coming.has(name)) continue;
      const started = this.start(name).finally(() => this.coming.delete(name));
      started.catch(() => undefined);
      this.coming.set(name, started);
    }
  }

  private async start(name: string): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      const from = Date.now();
      const started = await settled(this.parts.installation.act('start', name));
      if (!(started instanceof Error)) {
        this.starts.push({ name, took: Date.now() - from });
        return;
      }
      if (started instanceof Stuck) this.parts.ledger.report('rule', `${name}: ${started.message}`, from, Date.now());
      if (tries === STARTS) throw new Error(`${name} does not come back: ${started.message}`);
      await sleep(300);
    }
  }

  private async act({ kind, target, lasts }: Fault): Promise<void> {
    const { installation, acts, links } = this.parts;
    switch (kind) {
      case 'kill':
        await installation.act('kill', target);
        await sleep(lasts / 2);
        if (target === 'postgres' || target === 'redis') await installation.act('start', target);
        return;
      case 'blackout':
        return this.blackOut(lasts);
      case 'freeze':
      case 'sleep':
        await installation.act('pause', target);
        await sleep(lasts);
        return installation.act('resume', target);
      case 'drop':
      case 'delay':
        await installation.act('hold', target);
        await sleep(lasts);
        if (kind === 'drop') await installation.act('drop');
        return installation.act('release', target);
      case 'drop-link':
      case 'delay-link':
        links.hold(target);
        await sleep(lasts);
        if (kind === 'drop-link') links.drop(target);
        links.release(target);
        return;
      case 'roll':
        await installation.act('term', target);
        this.leaving.add(target);
        return;
      case 'fill':
        await installation.act('fill');
        await sleep(lasts);
        return installation.act('drain');
      case 'lock':
        return this.hold(1, 'begin; lock table mailbox in access exclusive mode', lasts);
      case 'snapshot':
        return this.hold(1, 'begin isolation level repeatable read; select count(*) from envelope', lasts);
      case 'connections':
        return this.hold(CONNECTIONS, 'select 1', lasts);
      case 'displace':
        await Promise.all(this.coming.values());
        return acts.displace();
      case 'revoke':
        await Promise.all(this.coming.values());
        return acts.revoke();
      case 'backup':
        this.backupAt = Date.now();
        return installation.act('backup');
      case 'restore':
        return this.restore();
    }
  }

  /** Every process of Sotto and both stores at once, as when the power fails. */
  private async blackOut(lasts: number): Promise<void> {
    const { installation } = this.parts;
    await Promise.all([...OWN, ...STORES].map(async (name) => installation.act('kill', name)));
    await sleep(lasts / 2);
    await Promise.all(STORES.map(async (name) => installation.act('start', name)));
  }

  /** As an operator does it: everything is stopped, the backup put back, `sotto restored` run, everything started. */
  private async restore(): Promise<void> {
    const { installation, ledger, load } = this.parts;
    if (this.backupAt === undefined) throw new NotRun('there is no backup');
    await Promise.all(this.coming.values());
    await load.settle(installation.databaseUrl);
    await Promise.all(OWN.map(async (name) => installation.act('kill', name)));
    await sleep(LAST_WORDS);
    ledger.restored({ backupAt: this.backupAt, stoppedAt: Date.now() });
    return installation.act('restore');
  }

  /** Connections beside Sotto's that do this and then sit there. */
  private async hold(count: number, text: string, lasts: number): Promise<void> {
    const clients = Array.from(
      { length: count },
      () => new pg.Client({ connectionString: this.parts.installation.databaseUrl }),
    );
    await Promise.all(
      clients.map(async (client) => {
        client.on('error', () => undefined);
        // Beyond the server's limit they are refused, and so is Sotto.
        await settled(client.connect().then(async () => client.query(text)));
      }),
    );
    await sleep(lasts);
    await Promise.all(clients.map(async (client) => settled(client.end())));
  }
}
