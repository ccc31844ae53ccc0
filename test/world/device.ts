import { cpSync, rmSync } from 'node:fs';
import type { ClientEvent } from '../../libs/sdk/events.js';
import type { ReceivedMessage } from '../../libs/sdk/inbox.js';
import type { Accepted } from '../../libs/sdk/sender.js';
import { SottoClient, type Place } from '../../libs/sdk/client.js';
import type { WorldHost } from './host.js';
import type { Person } from './person.js';
import { until } from './until.js';

/** A client comes back within ten seconds of what has sent it away; less than Jest waits, so that it is said what did not come. */
const PATIENCE = 25_000;

/** One real client with its own store, and what it has seen so far. */
export class Device {
  readonly events: ClientEvent[] = [];
  private readonly received: ReceivedMessage[] = [];
  private next = 0;
  /** Of everybody who waits: a story may wait for several things of one device at once. */
  private readonly bells = new Set<() => void>();
  private reading = new AbortController();

  private constructor(
    public client: SottoClient,
    private readonly options: Place & { readonly label: string; readonly host: WorldHost },
  ) {}

  static async started(
    client: SottoClient,
    options: Place & { readonly label: string; readonly host: WorldHost },
  ): Promise<Device> {
    const device = new Device(client, options);
    device.listen();
    await client.connect();
    return device;
  }

  /** Resolves when the server has committed it. */
  async send(to: Person, text: string): Promise<Accepted> {
    return this.client.send(to.accountId, text).accepted;
  }

  /** The next message in order; fails when none comes in time. */
  async nextMessage(): Promise<ReceivedMessage> {
    await this.until(() => this.received.length > this.next, 'no further message came');
    const message = this.received[this.next];
    this.next += 1;
    if (message === undefined) throw new Error('unreachable');
    return message;
  }

  async nextText(): Promise<string> {
    return (await this.nextMessage()).text;
  }

  async nextTexts(count: number): Promise<readonly string[]> {
    const texts = [];
    for (let index = 0; index < count; index += 1) texts.push(await this.nextText());
    return texts;
  }

  /** Everything received that nobody has asked for yet. */
  get waiting(): readonly string[] {
    return this.received.slice(this.next).map(({ text }) => text);
  }

  async event<Kind extends ClientEvent['kind']>(kind: Kind): Promise<Extract<ClientEvent, { kind: Kind }>> {
    const [event] = await this.allOf(kind, 1);
    if (event === undefined) throw new Error('unreachable');
    return event;
  }

  /** All events of this kind so far, when so many have come. */
  async allOf<Kind extends ClientEvent['kind']>(
    kind: Kind,
    count: number,
  ): Promise<readonly Extract<ClientEvent, { kind: Kind }>[]> {
    const found = () =>
      this.events.filter((event): event is Extract<ClientEvent, { kind: Kind }> => event.kind === kind);
    await this.until(
      () => found().length >= count,
      `no event ${kind} came${count === 1 ? '' : ` (of ${String(count)})`}`,
    );
    return found();
  }

  /** Waits until the client follows a tenant that asks for more than the first use. */
  async trustRaised(): Promise<void> {
    await until('the policy is followed', () => this.client.trustFloor !== 'first-use');
  }

  async goOffline(): Promise<void> {
    await this.client.disconnect();
  }

  async goOnline(): Promise<void> {
    await this.client.connect();
  }

  /** Closes the store and opens it again, as a restarted app does. */
  async restart({ offline = false }: { readonly offline?: boolean } = {}): Promise<void> {
    await this.close();
    await this.reopen();
    if (!offline) await this.client.connect();
  }

  /** The clock of its machine is so many milliseconds ahead of the server's, or behind. */
  setClock(ahead: number): void {
    this.options.host.ahead = ahead;
  }

  /** A copy of the store as it is now, as a backup makes it. */
  async backup(): Promise<string> {
    await this.close();
    const copy = `${this.options.folder} backup`;
    cpSync(this.options.folder, copy, { recursive: true });
    await this.reopen();
    await this.client.connect();
    return copy;
  }

  /** The store is what the backup was; what happened since is forgotten here, and nowhere else. */
  async restore(copy: string): Promise<void> {
    await this.close();
    rmSync(this.options.folder, { recursive: true });
    cpSync(copy, this.options.folder, { recursive: true });
    await this.reopen();
    await this.client.connect();
  }

  async close(): Promise<void> {
    this.reading.abort();
    await this.client.close();
  }

  private async reopen(): Promise<void> {
    this.client = await SottoClient.open(this.options);
    this.reading = new AbortController();
    this.listen();
  }

  private listen(): void {
    this.client.subscribe((event) => {
      this.events.push(event);
      this.ring();
    });
    void this.read();
  }

  private async read(): Promise<void> {
    for await (const message of this.client.messages(this.reading.signal)) {
      this.received.push(message);
      this.ring();
    }
  }

  private async until(condition: () => boolean, otherwise: string): Promise<void> {
    const deadline = Date.now() + PATIENCE;
    while (!condition()) {
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`${this.options.label}: ${otherwise} within ${String(PATIENCE / 1000)} s`);
      await new Promise<void>((resolve) => {
        const bell = (): void => {
          clearTimeout(timer);
          this.bells.delete(bell);
          resolve();
        };
        const timer = setTimeout(bell, left);
        this.bells.add(bell);
      });
    }
  }

  private ring(): void {
    for (const bell of [...this.bells]) bell();
  }
}
