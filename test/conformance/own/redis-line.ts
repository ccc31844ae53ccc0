import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What is kept of what a process said to Redis, for the search in D24. */
const SAID_BYTES = 8 * 1024 * 1024;

/**
 * Stands between one process and Redis. It can hold wake-ups: a PUBLISH then goes to a channel that nobody hears (of the same length, so that
 * the answer is an ordinary one), and is kept. `release` publishes what was kept, `drop` forgets it. Everything else passes, so the process
 * sees a Redis that works: this is the point between a commit and its wake-up, without a hook in the product.
 */
export class RedisLine {
  private readonly sockets = new Set<Socket>();
  private readonly said: Buffer[] = [];
  private saidBytes = 0;
  private held: Buffer[] = [];
  private holding = false;

  private constructor(
    private readonly server: Server,
    private readonly redisPort: number,
  ) {
    server.on('connection', (client) => {
      this.join(client);
    });
  }

  static async open(redisPort: number): Promise<RedisLine> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new RedisLine(server, redisPort);
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Everything that this process has said to Redis, or the last of it. */
  get everythingSaid(): Buffer {
    return Buffer.concat(this.said);
  }

  hold(): void {
    this.holding = true;
  }

  drop(): void {
    this.held = [];
  }

  async release(): Promise<void> {
    this.holding = false;
    const wakeUps = this.held.splice(0);
    if (wakeUps.length === 0) return;
    const redis = connect(this.redisPort, '127.0.0.1');
    redis.on('error', () => undefined);
    await new Promise<void>((resolve) => redis.write(Buffer.concat(wakeUps), () => resolve()));
    redis.end();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Socket): void {
    const redis = connect(this.redisPort, '127.0.0.1');
    let rest: Buffer = Buffer.alloc(0);
    for (const socket of [client, redis]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        client.destroy();
        redis.destroy();
      });
    }
    client.on('data', (data: Buffer) => {
      rest = Buffer.concat([rest, data]);
      for (let length = commandLength(rest); length > 0; length = commandLength(rest)) {
        redis.write(this.passed(rest.subarray(0, length)));
        rest = rest.subarray(length);
      }
    });
    redis.on('data', (data: Buffer) => client.write(data));
  }

  private passed(command: Buffer): Buffer {
    this.keep(command);
    if (!this.holding || !/^\*3\r\n\$7\r\npublish\r\n/i.test(command.toString('latin1', 0, 20))) return command;
    this.held.push(Buffer.from(command));
    // `*3 $7 PUBLISH $n channel $m message`: the channel begins after the fourth line break.
    const changed = Buffer.from(command);
    let at = 0;
    for (let breaks = 0; breaks < 4; breaks += 1) at = changed.indexOf('\r\n', at) + 2;
    changed.fill('!', at, changed.indexOf('\r\n', at));
    return changed;
  }

  private keep(command: Buffer): void {
    this.said.push(Buffer.from(command));
    this.saidBytes += command.length;
    while (this.saidBytes > SAID_BYTES) this.saidBytes -= this.said.shift()?.length ?? 0;
  }
}

/** Bytes of the first whole command (an array of bulk strings) in the buffer; 0: it has not all come. */
function commandLength(buffer: Buffer): number {
  let at = buffer.indexOf('\r\n');
  if (at < 0) return 0;
  const parts = Number(buffer.toString('latin1', 1, at));
  at += 2;
  for (let part = 0; part < parts; part += 1) {
    const end = buffer.indexOf('\r\n', at);
    if (end < 0) return 0;
    at = end + 2 + Number(buffer.toString('latin1', at + 1, end)) + 2;
    if (at > buffer.length) return 0;
  }
  return at;
}
