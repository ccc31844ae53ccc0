import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { OwnInstallation } from '../conformance/own/installation.js';
import { withClient } from './database.js';

const HEAD_ENDS = '\r\n\r\n';
const FIRST_CONTROL = 8;
const TRIGGER = `
create function chaos_line() returns trigger language plpgsql as $$ begin
  new.address := coalesce((select line from chaos_line where own = new.address), new.address);
  return new;
end $$;
create trigger chaos_line before insert or update of address on node for each row execute function chaos_line();
update node set address = address`;

/**
 * The wires between the nodes, where frames can be held, dropped and let go. A trigger in the table of nodes gives out the address of a line in
 * place of the node's own, so that the others come this way without a hook in the product; it is in every backup.
 */
export class LinkLines {
  private constructor(private readonly lines: ReadonlyMap<string, LinkLine>) {}

  static async lay({ linkPorts, databaseUrl }: OwnInstallation): Promise<LinkLines> {
    const opened = [...linkPorts].map(async ([name, port]) => [name, await LinkLine.open(port)] as const);
    const lines = new Map(await Promise.all(opened));
    await withClient(databaseUrl, async (client) => {
      await client.query('create table chaos_line (own text primary key, line text not null)');
      for (const [name, { port }] of lines) {
        const ends = [addressOf(linkPorts.get(name) ?? 0), addressOf(port)];
        await client.query('insert into chaos_line values ($1, $2)', ends);
      }
      await client.query(TRIGGER);
    });
    return new LinkLines(lines);
  }

  /** What the others say to this one from now on is held back. */
  hold(name: string): void {
    this.lines.get(name)?.hold();
  }

  /** What was held back is lost. */
  drop(name: string): void {
    this.lines.get(name)?.drop();
  }

  /** What was held back goes on, and so does all that follows. */
  release(name: string): void {
    this.lines.get(name)?.release();
  }

  async close(): Promise<void> {
    await Promise.all([...this.lines.values()].map(async (line) => line.close()));
  }
}

/** Stands before one node, and passes on whole frames: half a frame would be another fault. */
class LinkLine {
  private readonly sockets = new Set<Socket>();
  private held: (() => void)[] = [];
  private holding = false;

  private constructor(
    private readonly server: Server,
    private readonly own: number,
  ) {
    server.on('connection', (peer) => this.join(peer));
  }

  static async open(own: number): Promise<LinkLine> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new LinkLine(server, own);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  hold(): void {
    this.holding = true;
  }

  drop(): void {
    this.held = [];
  }

  release(): void {
    this.holding = false;
    for (const pass of this.held.splice(0)) pass();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(peer: Socket): void {
    const node = connect(this.own, '127.0.0.1');
    for (const socket of [peer, node]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        peer.destroy();
        node.destroy();
      });
    }
    let rest: Buffer = Buffer.alloc(0);
    let isUpgraded = false;
    peer.on('data', (data: Buffer) => {
      rest = Buffer.concat([rest, data]);
      const head = isUpgraded ? -1 : rest.indexOf(HEAD_ENDS);
      if (head >= 0) {
        isUpgraded = true;
        node.write(rest.subarray(0, head + HEAD_ENDS.length));
        rest = rest.subarray(head + HEAD_ENDS.length);
      }
      for (let length = isUpgraded ? frameLength(rest) : 0; length > 0; length = frameLength(rest)) {
        this.pass(node, Buffer.from(rest.subarray(0, length)));
        rest = rest.subarray(length);
      }
    });
    node.on('data', (data: Buffer) => peer.write(data));
  }

  /** Pings and closes are always passed on. */
  private pass(node: Socket, frame: Buffer): void {
    const isControl = ((frame[0] ?? 0) & 0x0f) >= FIRST_CONTROL;
    const pass = (): void => {
      if (node.writable) node.write(frame);
    };
    if (this.holding && !isControl) this.held.push(pass);
    else pass();
  }
}

/** Bytes of the first whole WebSocket frame (RFC 6455, 5.2) in the buffer; 0: it has not all come. */
function frameLength(buffer: Buffer): number {
  if (buffer.length < 2) return 0;
  const [short, mask] = [buffer.readUInt8(1) & 0x7f, (buffer.readUInt8(1) & 0x80) === 0 ? 0 : 4];
  const wide = short === 126 ? 2 : short === 127 ? 8 : 0;
  if (buffer.length < 2 + wide) return 0;
  const payload = wide === 0 ? short : wide === 2 ? buffer.readUInt16BE(2) : Number(buffer.readBigUInt64BE(2));
  const length = 2 + wide + mask + payload;
  return buffer.length < length ? 0 : length;
}

function addressOf(port: number): string {
  return `ws://127.0.0.1:${port}`;
}
