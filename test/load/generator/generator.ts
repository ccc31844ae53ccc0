import { setTimeout as sleep } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { cpuSeconds, type Pids } from '../machine.js';
import type { Cast, Household, Player } from '../people.js';
import { FloorWire } from './floor-wire.js';
import { post } from './http.js';
import { Load, type Latencies, type Outcome, type Pace, type Writer } from './load.js';
import { Mischief, type Rascal } from './mischief.js';
import { SottoWire } from './sotto-wire.js';
import { talk, type Talked } from './talkers.js';
import { Tokens } from './tokens.js';
import { inParallel, type Ear, type Letter, type Wire } from './wire.js';

/** Where players connect. `mail`: whoever receives; `writers`: whoever sends, on another gateway when it is about two. */
export interface Where {
  readonly wire: 'floor' | 'sotto';
  readonly writers: string;
  readonly mail: string;
}

/** Everything at one moment: differences of two are a window. */
export interface Reading {
  readonly at: number;
  readonly delivered: number;
  /** Seconds of processor time of the processes that were named. */
  readonly serverCpu: Readonly<Record<string, number>>;
  readonly ownCpu: number;
  readonly latencies: Latencies;
}

export interface Counted {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Of one core. */
  readonly ownShare: number;
  readonly failed: number;
}

const CONNECTS_AT_ONCE = 32;
const FILLING_AT_ONCE = 48;
const DRAINED_WITHIN_MS = 60_000;
const SILENT: Ear = { answered: () => undefined, heard: () => undefined };

/** The process that plays all devices; the runner tells it what to do, one order after another. */
export class Generator {
  private readonly wires: { readonly floor: Wire; readonly sotto: Wire };
  private readonly tokens: Tokens;
  private readonly sockets = new Map<number, WebSocket>();
  private load: Load | undefined;
  private ear: Ear = SILENT;
  private badness: Mischief | undefined;

  /** `gatewayUrl`: what clients put into proofs, whichever gateway they come to. */
  constructor(place: { readonly api: string; readonly gatewayUrl: string }) {
    this.tokens = new Tokens(place.api, place.gatewayUrl);
    this.wires = { floor: new FloorWire(), sotto: new SottoWire(this.tokens) };
  }

  async prepare({ wire, players }: { wire: Where['wire']; players: readonly Player[] }): Promise<void> {
    await this.wires[wire].prepare(players);
  }

  /** Milliseconds until the last of them was served, and until half were. */
  async connect(of: {
    wire: Where['wire'];
    gateway: string;
    players: readonly Player[];
    atOnce?: number;
    hoards?: boolean;
    /** What it hears is not part of the load. */
    aside?: boolean;
  }): Promise<{ readonly all: number; readonly half: number; readonly retries: number }> {
    const { wire, gateway, players, atOnce = CONNECTS_AT_ONCE, hoards = false, aside = false } = of;
    const present: Ear = {
      answered: (id, refusal) => {
        this.ear.answered(id, refusal);
      },
      heard: (contents) => {
        this.ear.heard(contents);
      },
    };
    const ear = aside ? SILENT : present;
    const start = performance.now();
    const times: number[] = [];
    let retries = 0;
    await inParallel(players, atOnce, async (player) => {
      for (let attempt = 0; ; attempt += 1)
        try {
          this.sockets.set(player.no, await this.wires[wire].open({ player, gateway, ear, hoards }));
          break;
        } catch (error) {
          retries += 1;
          if (attempt === 20) throw error;
          // As the SDK waits: a random part of a span that doubles.
          await sleep(Math.random() * Math.min(10_000, 500 * 2 ** attempt));
        }
      times.push(performance.now() - start);
    });
    return { all: times.at(-1) ?? 0, half: times[Math.floor(times.length / 2)] ?? 0, retries };
  }

  async disconnect(players?: readonly Player[]): Promise<void> {
    const nos = players?.map(({ no }) => no) ?? [...this.sockets.keys()];
    await Promise.all(
      nos.map(async (no) => {
        const socket = this.sockets.get(no);
        this.sockets.delete(no);
        if (socket === undefined || socket.readyState === socket.CLOSED) return;
        await new Promise((resolve) => {
          socket.once('close', resolve);
          socket.terminate();
        });
      }),
    );
  }

  /** All of the cast connect, each where it belongs; then messages flow until `end`. */
  async begin({ where, cast, pace }: { where: Where; cast: Cast; pace: Pace }): Promise<void> {
    const phones = cast.writers.flatMap(([phone]) => phone ?? []);
    const others = [...cast.writers.flatMap(([, ...own]) => own), ...cast.readers.flat()];
    const { wire, writers, mail } = where;
    await this.prepare({ wire, players: [...phones, ...others] });
    const missing = (players: readonly Player[]): readonly Player[] =>
      players.filter(({ no }) => !this.sockets.has(no));
    await this.connect({ wire, gateway: mail, players: missing(others) });
    await this.connect({ wire, gateway: writers, players: missing(phones) });
    this.load = new Load(this.writersOf(cast, wire));
    this.ear = this.load;
    this.load.begin(pace);
  }

  /** These connect and behave badly, a third of them each way, until the next `end`. */
  async mischief({ where, players }: { where: Where; players: readonly Player[] }): Promise<void> {
    const manners = ['flood', 'hoard', 'slow'] as const;
    const { wire, mail: gateway } = where;
    for (const [at, manner] of manners.entries()) {
      const those = players.filter((_, index) => index % manners.length === at);
      await this.connect({ wire, gateway, players: those, hoards: manner === 'hoard', aside: true });
    }
    const rascals = players.flatMap((player, index): Rascal[] => {
      const socket = this.sockets.get(player.no);
      const victim = players[(index + 1) % players.length];
      if (socket === undefined || victim === undefined) return [];
      const manner = manners[index % manners.length] ?? 'flood';
      if (manner === 'slow') socket.pause();
      return [{ manner, socket, letter: this.wires[wire].letter(player, [victim], []) }];
    });
    this.badness = new Mischief(rascals);
  }

  reading({ pids }: { pids: Pids }): Reading {
    const { user, system } = process.cpuUsage();
    const serverCpu = cpuSeconds(pids);
    const { delivered = 0 } = this.load ?? {};
    const at = performance.now();
    const latencies = this.load?.takeLatencies() ?? { p50: 0, p99: 0, most: 0 };
    return { at, delivered, serverCpu, ownCpu: (user + system) / 1e6, latencies };
  }

  /** `stay`: the sockets remain open. */
  async end({ stay = false }: { stay?: boolean } = {}): Promise<Outcome> {
    this.badness?.stop();
    const outcome = (await this.load?.end()) ?? { accepted: 0, refused: 0, refusal: undefined, lost: 0 };
    this.ear = SILENT;
    if (!stay) await this.disconnect();
    return outcome;
  }

  /** So many messages for players who are not connected, written by one after another. */
  async fill(of: {
    where: Where;
    writers: readonly Household[];
    to: readonly Household[];
    messages: number;
  }): Promise<void> {
    const { where, writers, to, messages } = of;
    await this.prepare({ wire: where.wire, players: writers.flat() });
    await this.connect({ wire: where.wire, gateway: where.writers, players: writers.flat() });
    const load = new Load(this.writersOf({ writers, readers: to, partners: to.length }, where.wire));
    this.ear = load;
    load.begin({ kind: 'closed', underWay: FILLING_AT_ONCE, most: messages });
    const { accepted } = await load.answeredAll();
    if (accepted !== messages)
      throw new Error(`of ${String(messages)} messages to fill with ${String(accepted)} were accepted`);
    await this.disconnect();
    this.ear = SILENT;
  }

  /** Seconds from connecting to the last of `count` envelopes. */
  async drain(of: { where: Where; players: readonly Player[]; count: number }): Promise<{ readonly seconds: number }> {
    const { where, players, count } = of;
    await this.prepare({ wire: where.wire, players });
    const start = performance.now();
    let heard = 0;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => {
        const open = players.filter(({ no }) => this.sockets.get(no)?.readyState === 1).length;
        reject(
          new Error(`${where.wire}: ${heard} of ${count} envelopes came; ${open} of ${players.length} are connected`),
        );
      }, DRAINED_WITHIN_MS);
      this.ear = {
        answered: () => undefined,
        heard: (contents) => {
          heard += contents.length;
          if (heard >= count) resolve();
        },
      };
      this.connect({ wire: where.wire, gateway: where.mail, players }).catch(reject);
    });
    clearTimeout(timer);
    const seconds = (performance.now() - start) / 1_000;
    // The last acks are on their way.
    await sleep(200);
    await this.disconnect();
    this.ear = SILENT;
    return { seconds };
  }

  /** Access tokens for these players in turn; requests are signed before the clock runs. */
  async grants({
    players,
    count,
    floor,
  }: {
    players: readonly Player[];
    count: number;
    floor?: string;
  }): Promise<Counted> {
    const requests = [];
    for (let index = 0; index < count; index += 1) {
      const player = players[index % players.length];
      if (player === undefined) break;
      requests.push(
        floor === undefined
          ? await this.tokens.grantRequest(player)
          : { url: `${floor}/grant/${String(player.no)}`, headers: {}, body: Buffer.alloc(900) },
      );
    }
    return this.askAll(requests);
  }

  /** One bundle of each target for each caller in turn. */
  async bundles(of: {
    callers: readonly Player[];
    targets: readonly Player[];
    count: number;
    api: string;
    floor?: string;
  }): Promise<Counted> {
    const { callers, targets, count, api, floor } = of;
    if (floor === undefined) await this.prepare({ wire: 'sotto', players: callers });
    const requests = [];
    for (let index = 0; index < count; index += 1) {
      const caller = callers[index % callers.length];
      const target = targets[Math.floor(index / callers.length) % targets.length];
      if (caller === undefined || target === undefined) break;
      const url = `${api}/v1/accounts/${target.accountId}/bundles`;
      const body = JSON.stringify({ devices: [target.deviceId] });
      requests.push(
        floor === undefined
          ? {
              url,
              body,
              headers: {
                ...(await this.tokens.headers(caller, { method: 'POST', url })),
                'content-type': 'application/json',
              },
            }
          : { url: `${floor}/bundle/${String(target.no)}`, headers: {}, body },
      );
    }
    return this.askAll(requests);
  }

  async talk(of: Parameters<typeof talk>[0]): Promise<Talked> {
    return talk(of);
  }

  private async askAll(requests: readonly Parameters<typeof post>[0][]): Promise<Counted> {
    const times: number[] = [];
    let failed = 0;
    const cpu = process.cpuUsage();
    const start = performance.now();
    await inParallel(requests, CONNECTS_AT_ONCE, async (request) => {
      const began = performance.now();
      const { status } = await post(request);
      times.push(performance.now() - began);
      if (status !== 200) failed += 1;
    });
    const seconds = (performance.now() - start) / 1_000;
    const used = process.cpuUsage(cpu);
    const sorted = times.toSorted((left, right) => left - right);
    const at = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
    const ownShare = (used.user + used.system) / 1e6 / seconds;
    return { perSecond: requests.length / seconds, p50: at(0.5), p99: at(0.99), ownShare, failed };
  }

  private writersOf({ writers, readers, partners }: Cast, wire: Where['wire']): Writer[] {
    return writers.flatMap(([phone, ...own], index): Writer[] => {
      const socket = phone === undefined ? undefined : this.sockets.get(phone.no);
      if (phone === undefined || socket === undefined) return [];
      const letters: Letter[] = [];
      for (let step = 0; step < partners; step += 1) {
        const to = readers[(index * partners + step) % readers.length];
        if (to !== undefined) letters.push(this.wires[wire].letter(phone, to, own));
      }
      return [{ socket, letters }];
    });
  }
}
