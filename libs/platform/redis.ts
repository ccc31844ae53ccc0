import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Logger } from './log.js';

const SUBSCRIBE_PATIENCE = 2_000;

/**
 * Redis rings, it does not remember: nothing here may be needed for delivery. One connection for commands and publishing, one for
 * subscriptions. Both come back by themselves; while Redis is away commands fail at once and what is published is lost.
 */
export class RedisLink {
  readonly commands: Redis;
  private readonly subscriber: Redis;
  private readonly listeners = new Map<string, (message: string) => void>();
  private away = false;

  constructor(
    url: string,
    private readonly log: Logger,
  ) {
    const options = {
      maxRetriesPerRequest: 1,
      enableOfflineQueue: false,
      retryStrategy: (attempt: number) => Math.min(attempt * 100, 2_000),
    };
    this.commands = new Redis(url, { ...options, connectionName: 'sotto' });
    this.subscriber = new Redis(url, {
      ...options,
      enableOfflineQueue: true,
      maxRetriesPerRequest: null,
      connectionName: 'sotto-bell',
    });
    for (const client of [this.commands, this.subscriber]) {
      client.on('error', (error: Error) => {
        this.tell(error);
      });
      client.on('ready', () => (this.away = false));
    }
    this.subscriber.on('message', (channel: string, message: string) => this.listeners.get(channel)?.(message));
  }

  publish(channel: string, message: string): void {
    this.commands.publish(channel, message).catch(() => undefined);
  }

  async subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>> {
    this.listeners.set(channel, listener);
    // Asked again by itself after each reconnect; a start must not hang on a Redis that is away (D14).
    const subscribed = this.subscriber.subscribe(channel).catch(() => undefined);
    await Promise.race([subscribed, sleep(SUBSCRIBE_PATIENCE, undefined, { ref: false })]);
    return async () => {
      this.listeners.delete(channel);
      // While Redis is away this waits in the queue for ever; a process must be able to stop all the same.
      const unsubscribed = this.subscriber.unsubscribe(channel).catch(() => undefined);
      if (this.subscriber.status === 'ready')
        await Promise.race([unsubscribed, sleep(SUBSCRIBE_PATIENCE, undefined, { ref: false })]);
    };
  }

  async ping(): Promise<boolean> {
    return this.commands.ping().then(
      () => true,
      () => false,
    );
  }

  get isOpen(): boolean {
    return this.commands.status === 'ready';
  }

  close(): void {
    this.commands.disconnect();
    this.subscriber.disconnect();
  }

  private tell(error: Error): void {
    if (this.away) return;
    this.away = true;
    this.log.warn({ err: error }, 'Redis is away; sends and deliveries go on, wake-ups may be late');
  }
}
