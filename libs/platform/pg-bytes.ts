import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import pg from 'pg';
import { Parser } from 'pg-protocol/dist/parser.js';

const DATA_ROW = 0x44;

interface Message {
  readonly name: string;
}

interface Innards {
  handlePacket(offset: number, code: number, length: number, bytes: Buffer): Message;
}

/**
 * A client that leaves columns as bytes. `pg` decodes every column of every row as UTF-8 before it looks at the format, which destroys
 * binary results; here parsers get Buffers, valid only while they run, and text is decoded where a column is text.
 */
export class BytesClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    const { connection } = this as unknown as { connection: EventEmitter & { attachListeners(stream: Duplex): void } };
    connection.attachListeners = (stream) => {
      const parser = rowBytesParser();
      const emit = (message: Message): void => {
        connection.emit(message.name === 'error' ? 'errorMessage' : message.name, message);
      };
      stream.on('data', (chunk: Buffer) => {
        parser.parse(chunk, emit);
      });
    };
  }
}

function rowBytesParser(): Parser {
  const parser = new Parser();
  const innards = parser as unknown as Innards;
  const stock = innards.handlePacket.bind(parser);
  innards.handlePacket = (offset, code, length, bytes) =>
    code === DATA_ROW ? rowOf(bytes, offset) : stock(offset, code, length, bytes);
  return parser;
}

/** DataRow: columns:2, then length:4 (-1 for null) and that many bytes each (PostgreSQL protocol 3.0, "Message Formats"). */
function rowOf(bytes: Buffer, offset: number): Message & { readonly fields: readonly (Buffer | null)[] } {
  const count = bytes.readInt16BE(offset);
  const fields = new Array<Buffer | null>(count);
  let at = offset + 2;
  for (let index = 0; index < count; index += 1) {
    const length = bytes.readInt32BE(at);
    at += 4;
    fields[index] = length === -1 ? null : bytes.subarray(at, at + length);
    if (length > 0) at += length;
  }
  return { name: 'dataRow', fields };
}
