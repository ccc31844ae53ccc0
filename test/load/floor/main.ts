import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { bareHttp } from './http.js';
import { FloorStore } from './store.js';
import { ACK, decodeSend, encodeAnswers, encodeMail, type FloorItem } from './wire.js';

/**
 * The floor: what the bare stack can do on this machine. `ws`, `pg`, one multi-row INSERT a batch, committed before the answer; the mail is
 * pushed from memory; one DELETE a batch of acks. No rules, no limits, no framework, one process: numbers are counted here. A batch is what
 * arrived during the previous commit, as in Sotto.
 */
const MOST_ENVELOPES = 3_000;
const BUFFERED = 1024 * 1024;

interface Pending {
  readonly socket: WebSocket;
  readonly id: number;
  readonly items: readonly FloorItem[];
}

/** A connected device; `cursor`: everything up to there was written to it. */
interface Reader {
  readonly socket: WebSocket;
  readonly mailbox: number;
  cursor: number;
  acked: number;
  isDraining: boolean;
}

interface Acked {
  readonly mailbox: number;
  readonly lo: number;
  readonly hi: number;
}

const store = await FloorStore.open(process.env['DATABASE_URL'] ?? '');
const readers = new Map<number, Reader>();
/** Committed. */
const heads = new Map<number, number>();
const acked = new Map<number, number>();
let pending: Pending[] = [];
let committing = false;
let acks: Acked[] = [];
let deleting = false;

async function commitAll(): Promise<void> {
  committing = true;
  // What arrives in the same turn of the event loop goes together.
  await Promise.resolve();
  while (pending.length > 0) await commit(takeBatch());
  committing = false;
}

function takeBatch(): readonly Pending[] {
  let envelopes = 0;
  let count = 0;
  while (count < pending.length && envelopes < MOST_ENVELOPES) {
    envelopes += pending[count]?.items.length ?? 0;
    count += 1;
  }
  const batch = count === pending.length ? pending : pending.slice(0, count);
  pending = count === pending.length ? [] : pending.slice(count);
  return batch;
}

async function commit(batch: readonly Pending[]): Promise<void> {
  const rows = { mailboxes: [] as number[], sequences: [] as number[], contents: [] as Buffer[] };
  const news = new Map<number, Buffer[]>();
  for (const { items } of batch)
    for (const { mailbox, content } of items) {
      const mail = news.get(mailbox) ?? [];
      if (mail.length === 0) news.set(mailbox, mail);
      mail.push(content);
      rows.mailboxes.push(mailbox);
      rows.sequences.push((heads.get(mailbox) ?? 0) + mail.length);
      rows.contents.push(content);
    }
  await store.insert(rows);
  answer(batch);
  for (const [mailbox, mail] of news) push(mailbox, mail);
}

function answer(batch: readonly Pending[]): void {
  const answers = new Map<WebSocket, number[]>();
  for (const { socket, id } of batch) {
    const ids = answers.get(socket);
    if (ids === undefined) answers.set(socket, [id]);
    else ids.push(id);
  }
  for (const [socket, ids] of answers) socket.send(encodeAnswers(ids));
}

function push(mailbox: number, mail: readonly Buffer[]): void {
  const before = heads.get(mailbox) ?? 0;
  heads.set(mailbox, before + mail.length);
  const reader = readers.get(mailbox);
  if (reader === undefined || reader.isDraining) return;
  reader.cursor = before + mail.length;
  reader.socket.send(encodeMail(before + 1, mail));
}

/** Page after page until everything committed was written. */
async function drain(reader: Reader): Promise<void> {
  while (reader.cursor < (heads.get(reader.mailbox) ?? 0) && reader.socket.readyState === reader.socket.OPEN) {
    const rows = await store.page(reader.mailbox, reader.cursor);
    const contents = rows.map(({ content }) => content);
    const sent = encodeMail(reader.cursor + 1, contents);
    reader.cursor += contents.length;
    if (reader.socket.bufferedAmount < BUFFERED) reader.socket.send(sent);
    else await new Promise((resolve) => reader.socket.send(sent, resolve));
  }
  reader.isDraining = false;
}

async function removeAll(): Promise<void> {
  deleting = true;
  await Promise.resolve();
  while (acks.length > 0) {
    const batch = acks;
    acks = [];
    await store.delete(
      batch.map(({ mailbox }) => mailbox),
      batch.map(({ lo }) => lo),
      batch.map(({ hi }) => hi),
    );
  }
  deleting = false;
}

function connect(socket: WebSocket, mailbox: number): void {
  const cursor = acked.get(mailbox) ?? 0;
  const reader: Reader = { socket, mailbox, cursor, acked: cursor, isDraining: true };
  readers.set(mailbox, reader);
  socket.on('message', (data: Buffer) => {
    if (data[0] === ACK) {
      const hi = data.readUInt32BE(1);
      acks.push({ mailbox, lo: reader.acked, hi });
      reader.acked = hi;
      acked.set(mailbox, hi);
      if (!deleting) void removeAll();
    } else {
      pending.push({ socket, ...decodeSend(data) });
      if (!committing) void commitAll();
    }
  });
  socket.on('close', () => {
    if (readers.get(mailbox) === reader) readers.delete(mailbox);
  });
  socket.on('error', () => {
    socket.terminate();
  });
  void drain(reader);
}

const server = createServer(bareHttp(store));
new WebSocketServer({ server, perMessageDeflate: false, maxPayload: 1024 * 1024 }).on(
  'connection',
  (socket, request) => {
    connect(socket, Number((request.url ?? '/0').slice(1)));
  },
);
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`floor ${String((server.address() as AddressInfo).port)}\n`);
});
process.on('SIGTERM', () => process.exit(0));
