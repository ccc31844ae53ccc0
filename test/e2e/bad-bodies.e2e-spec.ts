import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemIds } from '../../libs/platform/ids.js';
import { LIMITS } from '../../libs/protocol/limits.js';
import { encodeMailboxSettlement } from '../../libs/protocol/mailbox-page.js';
import { PROBLEMS, type ProblemCode } from '../../libs/protocol/problems.js';
import { ask, FORM, JSON_TYPE, PROTOBUF, type Answer } from '../world/ask.js';
import { filled, nameOf, operations, type Operation } from '../world/open-api.js';
import type { RawPerson } from '../world/raw-person.js';
import { World } from '../world/world.js';

type Body = readonly [name: string, body: Uint8Array | string, type: string | undefined, code?: ProblemCode];

const CSV = 'text/csv';

const deep = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const random = (length: number): Uint8Array => new Uint8Array(systemIds.bytes(length));

const BAD: Readonly<Record<string, readonly Body[]>> = {
  [PROTOBUF]: [
    ['garbage', new Uint8Array([0xff, 0xff, 0xff]), PROTOBUF, 'malformed'],
    ['a truncated message', new Uint8Array([0x0a, 0x7f, 0x01]), PROTOBUF, 'malformed'],
    ['groups without end', new Uint8Array(2_000).fill(0x0b), PROTOBUF, 'malformed'],
    ['messages in messages', new Uint8Array(2_000).fill(0x0a), PROTOBUF],
    ['too much', new Uint8Array(LIMITS.frameBytes + 1), PROTOBUF, 'too_large'],
    ['JSON', '{}', JSON_TYPE, 'unsupported_media'],
    ['a form', 'a=b', FORM, 'unsupported_media'],
    ['text', 'hello', 'text/plain', 'unsupported_media'],
    ['an unknown type', 'x', 'application/octet-stream', 'unsupported_media'],
    ['a nonsense type', 'x', ';;;', 'unsupported_media'],
    ['protobuf called JSON', new Uint8Array([0x0a, 0x00]), JSON_TYPE],
  ],
  [JSON_TYPE]: [
    ['half of an object', '{"a":', JSON_TYPE, 'malformed'],
    ['nothing', '', JSON_TYPE, 'malformed'],
    ['a list', '[]', JSON_TYPE, 'malformed'],
    ['null', 'null', JSON_TYPE, 'malformed'],
    ['a number', '7', JSON_TYPE, 'malformed'],
    ['a string', '"x"', JSON_TYPE, 'malformed'],
    ['17 deep', deep(17), JSON_TYPE, 'malformed'],
    ['100,000 deep', '['.repeat(60_000), JSON_TYPE, 'malformed'],
    ['too much', `{"a":"${'x'.repeat(LIMITS.jsonBytes)}"}`, JSON_TYPE, 'too_large'],
    ['an unknown field', '{"nobodyKnowsThis":1}', JSON_TYPE, 'malformed'],
    ['a prototype', '{"__proto__":{"a":1}}', JSON_TYPE, 'malformed'],
    ['a constructor', '{"constructor":{"prototype":{}}}', JSON_TYPE, 'malformed'],
    [
      'bytes that are no UTF-8',
      new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
      JSON_TYPE,
      'malformed',
    ],
    ['UTF-16', Buffer.from('{"name":"x"}', 'utf16le'), `${JSON_TYPE}; charset=utf-16`],
    ['a zero in a text', '{"name":"\\u0000","code":"\\u0000"}', JSON_TYPE, 'malformed'],
    ['a lone surrogate', '{"name":"\\ud800","code":"\\ud800"}', JSON_TYPE],
    ['text', '{}', 'text/plain', 'unsupported_media'],
    ['a form', 'a=b', FORM, 'unsupported_media'],
    ['protobuf', new Uint8Array([0x0a, 0x00]), PROTOBUF, 'unsupported_media'],
  ],
  [CSV]: [
    ['bytes that are no UTF-8', new Uint8Array([0x6e, 0xff, 0xfe]), CSV, 'malformed'],
    ['UTF-16', Buffer.from('name\nÄ', 'utf16le'), CSV, 'malformed'],
    ['too much', `name\n${'x'.repeat(LIMITS.importBytes)}`, CSV, 'too_large'],
    ['text', 'name\nx', 'text/plain', 'unsupported_media'],
    ['JSON', '{}', JSON_TYPE, 'unsupported_media'],
    ['protobuf', new Uint8Array([0x0a, 0x00]), PROTOBUF, 'unsupported_media'],
  ],
  [FORM]: [
    ['nothing', '', FORM, 'malformed'],
    ['another grant', 'grant_type=password&username=a', FORM, 'malformed'],
    [
      'an assertion that is none',
      `grant_type=${encodeURIComponent('urn:ietf:params:oauth:grant-type:jwt-bearer')}&assertion=x`,
      FORM,
      'assertion_invalid',
    ],
    ['half of an escape', 'grant_type=%E0%A4%A', FORM, 'malformed'],
    ['JSON', '{}', JSON_TYPE, 'unsupported_media'],
    ['too much', `assertion=${'x'.repeat(LIMITS.jsonBytes)}`, FORM, 'too_large'],
  ],
};

describe('a bad body on every route that takes one', () => {
  let world: World;
  let alice: RawPerson;
  let all: readonly Operation[];

  beforeAll(async () => {
    world = await World.create();
    alice = await world.rawPerson('alice');
    all = await operations(world.place.api);
  });

  afterAll(async () => {
    await world.close();
  });

  async function asked(operation: Operation, more: { readonly type?: string; readonly body?: Uint8Array | string }) {
    const { tenantId, place } = world;
    const { accountId, phone } = alice;
    const path = filled(operation.path, {
      tenantId,
      accountId,
      deviceId: phone.id,
      invitationId: accountId,
      tokenId: accountId,
    });
    const request = { method: operation.method, path, ...more };
    return operation.caller === 'admin' ? ask(place.api, { ...request, token: place.adminToken }) : phone.ask(request);
  }

  function expectProblem(answer: Answer, name: string, code?: string): void {
    const given = answer.json?.['code'] as ProblemCode;
    const expected = code === undefined ? [true, true] : [true, code];
    expect([name, answer.status < 500, code === undefined ? given in PROBLEMS : given]).toEqual([name, ...expected]);
    expect([name, answer.type.split(';')[0], PROBLEMS[given].status]).toEqual([
      name,
      'application/problem+json',
      answer.status,
    ]);
  }

  it.each([PROTOBUF, JSON_TYPE, FORM, CSV])('gets a clear answer: %s', async (type) => {
    const taking = all.filter(({ takes }) => takes === type);
    expect(taking.length).toBeGreaterThan(0);
    for (const operation of taking) {
      for (const [name, body, sentAs, code] of BAD[type] ?? []) {
        const answer = await asked(operation, { body, ...(sentAs === undefined ? {} : { type: sentAs }) });
        expectProblem(answer, `${nameOf(operation)}: ${name}`, code);
      }
    }
  });

  it('is malformed also for a stream that no database could count', async () => {
    const body = encodeMailboxSettlement({ stream: 2 ** 31, acks: [], nacks: [] });
    const answer = await alice.phone.ask({ method: 'POST', path: '/v1/mailbox/settlements', type: PROTOBUF, body });
    expectProblem(answer, 'a stream beyond int4', 'malformed');
  });

  it('never breaks the server, whatever the bytes are', async () => {
    for (const operation of all.filter(({ takes }) => takes === PROTOBUF)) {
      for (let round = 0; round < 40; round += 1) {
        const answer = await asked(operation, { body: random(1 + round * 7), type: PROTOBUF });
        // Random bytes may be a message of unknown fields, which is an empty one.
        if (answer.status !== 200) expectProblem(answer, nameOf(operation));
      }
    }
  });

  it('knows every type of body that a route takes', () => {
    const types = new Set(all.flatMap(({ takes }) => takes ?? []));
    expect([...types].sort()).toEqual(Object.keys(BAD).sort());
  });

  it.each(['not-a-uuid', '00000000-0000-0000-0000-00000000000g', 'A'.repeat(300), '%00', '%ff', '..%2f..'])(
    'and for %s in the place of an id',
    async (id) => {
      for (const operation of all.filter(({ path }) => path.includes('{'))) {
        const path = operation.path.replaceAll(/\{[^}]+\}/g, id);
        const { method } = operation;
        const { adminToken: token, api } = world.place;
        const answer =
          operation.caller === 'admin' ? ask(api, { method, path, token }) : alice.phone.ask({ method, path });
        expectProblem(await answer, `${method} ${path}`);
      }
    },
  );

  it('and for queries that say nothing sensible', async () => {
    const at = `/v1/admin/tenants/${world.tenantId}`;
    for (const query of ['limit=0', 'limit=501', 'limit=x', 'after=x', 'limit=1&limit=2', 'limit=1e999']) {
      const answer = await ask(world.place.api, {
        method: 'GET',
        path: `${at}/accounts?${query}`,
        token: world.place.adminToken,
      });
      expectProblem(answer, query, 'malformed');
    }
    for (const query of ['from=0', 'from=-1', 'from=x', 'from=1.5', 'from=99999999999999999999']) {
      const answer = await alice.phone.ask({ method: 'GET', path: `/v1/accounts/${alice.accountId}/devices?${query}` });
      expectProblem(answer, query, 'malformed');
    }
  });

  it('leaves the server as good as before', async () => {
    expect((await ask(world.place.api, { method: 'GET', path: '/readyz' })).status).toBe(200);
    const bob = await world.rawPerson('bob');
    expect((await alice.phone.post(alice.phone.letter([bob], 'good'))).status).toBe(200);
  });
});
