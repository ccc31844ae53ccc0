import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemIds } from './ids.js';
import {
  byteaArray,
  bytesIn,
  int2Array,
  int2sIn,
  int4Array,
  int8Array,
  int8BytesArray,
  int8sIn,
  uuidArray,
} from './pg-arrays.js';
import type { Db } from './postgres.js';
import { testDatabase, type TestDatabase } from './testing/database.js';

const SAFE = Number.MAX_SAFE_INTEGER;

describe('PostgreSQL reads', () => {
  let database: TestDatabase;
  let db: Db;
  beforeAll(async () => {
    database = await testDatabase();
    ({ db } = database);
  });
  afterAll(() => database.drop());

  /** The elements as PostgreSQL sees them, in order, each as text. */
  async function read(array: Buffer, type: string): Promise<(string | null)[]> {
    const rows = await db.query<{ text: string | null }>(
      `select a.v::text as text from unnest($1::${type}[]) with ordinality as a(v, no) order by no`,
      [array],
    );
    return rows.map(({ text }) => text);
  }

  it.each([
    ['int2', int2Array, [0, 1, -1, 255, 256, 32_767, -32_768]],
    ['int4', int4Array, [0, 1, -1, 65_536, 2_147_483_647, -2_147_483_648]],
    ['int8', int8Array, [0, 1, -1, 4_294_967_295, 4_294_967_296, -4_294_967_296, -4_294_967_297, 2 ** 52, SAFE, -SAFE]],
  ] as const)('%s as they were written', async (type, write, values) => {
    expect(await read(write(values), type)).toEqual(values.map(String));
    const [row] = await db.query<{ sum: number }>(
      `select coalesce(sum(v), 0)::int4 as sum from unnest($1::${type}[]) v`,
      [write([])],
    );
    expect(row).toEqual({ sum: 0 });
  });

  it('empty arrays of every kind as empty', async () => {
    const empty = { int2: int2Array([]), int8: int8BytesArray([]), uuid: uuidArray([]), bytea: byteaArray([]) };
    for (const [type, array] of Object.entries(empty)) expect(await read(array, type)).toEqual([]);
  });

  it('eight bytes as one big-endian int8, negative ones too', async () => {
    const values = [systemIds.bytes(8), Buffer.alloc(8, 0xff), Buffer.from('8000000000000000', 'hex')];
    expect(await read(int8BytesArray(values), 'int8')).toEqual(values.map((each) => String(each.readBigInt64BE())));
  });

  it('sixteen bytes as a uuid', async () => {
    const values = [systemIds.bytes(16), Buffer.alloc(16), Buffer.alloc(16, 0xff)];
    const plain = (await read(uuidArray(values), 'uuid')).map((each) => each?.replaceAll('-', ''));
    expect(plain).toEqual(values.map((each) => each.toString('hex')));
  });

  it('bytea byte for byte, of any length, and gives them back so in binary', async () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const values = [all, Buffer.alloc(0), Buffer.from([0x80, 0xc3, 0x28, 0xff, 0x00]), systemIds.bytes(70_000)];
    for (const options of [
      {},
      { binary: true },
      { binary: true, name: 'spec-bytea' },
      { binary: true, name: 'spec-bytea' },
    ]) {
      const rows = await db.query<{ bytes: Buffer; nothing: null }>(
        `select a.v as bytes, null::bytea as nothing
         from unnest($1::bytea[]) with ordinality as a(v, no) order by no`,
        [byteaArray(values)],
        options,
      );
      expect(rows).toHaveLength(values.length);
      for (const [at, { bytes, nothing }] of rows.entries()) {
        expect(bytes.equals(values[at]!)).toBe(true);
        expect(nothing).toBeNull();
      }
    }
  });

  it('arrays in an answer are read as they were written, with and without elements', async () => {
    const [small, large] = [
      [0, -1, 32_767, -32_768],
      [0, -1, 4_294_967_296, -4_294_967_297, SAFE, -SAFE],
    ];
    const bytes = [systemIds.bytes(700), Buffer.alloc(0), systemIds.bytes(70_000)];
    const [row] = await db.query<Record<'small' | 'large' | 'bytes' | 'holed' | 'empty', Buffer>>(
      `select $1::int2[] as small, $2::int8[] as large, $3::bytea[] as bytes, array['\\x01'::bytea, null, '\\x02'] as holed, '{}'::int8[] as empty`,
      [int2Array(small), int8Array(large), byteaArray(bytes)],
      { binary: true },
    );
    expect(int2sIn(row!.small)).toEqual(small);
    expect(int8sIn(row!.large)).toEqual(large);
    expect(bytesIn(row!.bytes)).toEqual(bytes);
    expect(bytesIn(row!.holed)).toEqual([Buffer.from([1]), null, Buffer.from([2])]);
    expect([int8sIn(row!.empty), bytesIn(row!.empty), int2sIn(row!.empty)]).toEqual([[], [], []]);
  });

  it('bytes of earlier rows still right when later ones have been read over the same connection', async () => {
    const values = Array.from({ length: 500 }, (_, at) => Buffer.alloc(1_000, at % 251));
    const select = 'select v as bytes from unnest($1::bytea[]) v';
    const [first, second] = await db.transact(async (tx) => [
      await tx.query<{ bytes: Buffer }>(select, [byteaArray(values)], { binary: true }),
      await tx.query<{ bytes: Buffer }>(select, [byteaArray(values.toReversed())], { binary: true }),
    ]);
    expect(first.every(({ bytes }, at) => bytes.equals(values[at]!))).toBe(true);
    expect(second.every(({ bytes }, at) => bytes.equals(values.at(-1 - at)!))).toBe(true);
  });
});
