import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemIds } from '../../libs/platform/ids.js';
import { SCOPES } from '../../libs/protocol/bodies.js';
import { encodeDeviceChain, encodeSignedList, type DeviceChain } from '../../libs/protocol/chain-wire.js';
import type { AccountId, ListVersion } from '../../libs/protocol/ids.js';
import { encodeSendRequest } from '../../libs/protocol/send-request.js';
import { firstList, signList } from '../../libs/signal/testing.js';
import { ask, JSON_TYPE, PROTOBUF, type Answer } from '../world/ask.js';
import { filled, nameOf, operations, type Operation } from '../world/open-api.js';
import type { RawPerson } from '../world/raw-person.js';
import { World } from '../world/world.js';

/** Everything of one tenant that a request can name. */
interface Names {
  readonly tenantId: string;
  readonly accountId: string;
  readonly deviceId: string;
  readonly invitationId: string;
  readonly tokenId: string;
}

interface Body {
  readonly type: string;
  readonly body: Uint8Array | string;
}

/** The routes that name nothing of anybody: no id in the path, none in the body. */
const NAMELESS = [
  'GET /v1/server',
  'POST /v1/invitations/lookup',
  'POST /v1/enrolments',
  'POST /v1/token',
  'GET /v1/policy',
  'GET /v1/keys',
  'POST /v1/keys',
  'PUT /v1/keys/registration',
  'GET /v1/mailbox',
  'POST /v1/mailbox/settlements',
  'GET /v1/mailbox/set-aside',
  'POST /v1/admin/tenants',
  // Its rows repeat the ids that its own tokens asked for.
  'GET /v1/admin/audit',
];

/** Lists of what the caller may see: the other tenant's things must not be in them. */
const LISTS = ['GET /v1/admin/tenants', 'GET /v1/admin/tokens'];

describe('a tenant', () => {
  let mine: World;
  let theirs: World;
  let alice: RawPerson;
  let bound: string;
  let foreign: Names;
  let all: readonly Operation[];

  beforeAll(async () => {
    mine = await World.create();
    theirs = await mine.neighbour();
    alice = await mine.rawPerson('alice');
    bound = (await tokenOf(mine)).token;
    const victim = await theirs.rawPerson('victim');
    const { invitationId } = await theirs.admin.post<{ invitationId: string }>(
      `/v1/admin/tenants/${theirs.tenantId}/invitations`,
      {},
    );
    const { tokenId } = await tokenOf(theirs);
    const { tenantId } = theirs;
    const [accountId, deviceId] = [victim.accountId, victim.phone.id];
    foreign = { tenantId, accountId, deviceId, invitationId, tokenId };
    all = await operations(mine.place.api);
  });

  afterAll(async () => {
    await Promise.all([mine.close(), theirs.close()]);
  });

  /** A body that would do, naming somebody where the route lets it. */
  function bodyFor(operation: Operation, names: Names): Body | undefined {
    const json = (body: object): Body => ({ type: JSON_TYPE, body: JSON.stringify(body) });
    switch (nameOf(operation)) {
      case 'POST /v1/accounts/{accountId}/bundles':
      case 'PUT /v1/admin/tenants/{tenantId}/policy':
      case 'POST /v1/admin/tenants/{tenantId}/accounts':
      case 'POST /v1/admin/tenants/{tenantId}/accounts/{accountId}/reset':
        return json({});
      case 'POST /v1/admin/tenants/{tenantId}/invitations':
        return json({ accountId: names.accountId });
      case 'POST /v1/admin/tenants/{tenantId}/imports':
      case 'POST /v1/admin/tenants/{tenantId}/imports/dry-run':
        return { type: 'text/csv', body: 'name\nx\n' };
      case 'POST /v1/admin/tokens':
        return json({ name: 'x', scopes: ['accounts'], tenantId: names.tenantId });
      case 'POST /v1/messages':
        return { type: PROTOBUF, body: encodeSendRequest(letterTo(names)) };
      case 'POST /v1/devices/lists':
        return { type: PROTOBUF, body: encodeSignedList(listOf(names)) };
      case 'POST /v1/devices/history':
        return { type: PROTOBUF, body: encodeDeviceChain(chainOf(names)) };
      default:
        return undefined;
    }
  }

  function letterTo({ accountId, deviceId }: Names) {
    const letter = alice.phone.letter([], '');
    const envelope = { deviceId, registrationId: 1, kind: 2, control: false, content: new Uint8Array(1) };
    const recipient = { accountId, listVersion: 1, coverage: 'complete', envelopes: [envelope] };
    return { ...letter, recipients: [recipient] } as unknown as typeof letter;
  }

  function listOf({ tenantId, accountId }: Names) {
    const account = { ...alice.account, tenantId, accountId } as typeof alice.account;
    return signList(firstList(account, alice.phone.keys), alice.phone.keys);
  }

  function chainOf(names: Names): DeviceChain {
    const accountId = names.accountId as AccountId;
    return { accountId, listVersion: 1 as ListVersion, lists: [listOf(names)], tombstones: [] };
  }

  async function asked(operation: Operation, names: Names): Promise<Answer> {
    const path = filled(operation.path, { ...names });
    const request = { method: operation.method, path, ...bodyFor(operation, names) };
    return operation.caller === 'admin' ? ask(mine.place.api, { ...request, token: bound }) : alice.phone.ask(request);
  }

  it('has a route list that says of every route how it names things', () => {
    const known = new Set([...NAMELESS, ...LISTS]);
    const forgotten = all.filter(
      (operation) =>
        !known.has(nameOf(operation)) && !operation.path.includes('{') && bodyFor(operation, nobody()) === undefined,
    );
    expect(forgotten.map(nameOf)).toEqual([]);
    expect(all.map(nameOf)).toEqual(expect.arrayContaining([...known]));
    const bodiless = all.filter(
      (operation) =>
        operation.takes !== undefined &&
        !NAMELESS.includes(nameOf(operation)) &&
        bodyFor(operation, nobody()) === undefined,
    );
    expect(bodiless.map(nameOf)).toEqual([]);
    expect(all.length).toBeGreaterThan(25);
  });

  it('finds nothing of another one: every answer is that for what does not exist', async () => {
    const naming = all.filter((operation) => ![...NAMELESS, ...LISTS].includes(nameOf(operation)));
    expect(naming.length).toBeGreaterThan(15);
    for (const operation of naming) {
      const absent = nobody();
      const [there, nowhere] = [await asked(operation, foreign), await asked(operation, absent)];
      expect([nameOf(operation), there.status >= 400 && there.status < 500]).toEqual([nameOf(operation), true]);
      expect([nameOf(operation), there.status, there.type, same(there, foreign)]).toEqual([
        nameOf(operation),
        nowhere.status,
        nowhere.type,
        same(nowhere, absent),
      ]);
    }
  });

  it('finds nothing of another one below its own ids either', async () => {
    const own = { tenantId: mine.tenantId as string, accountId: alice.accountId as string };
    const deep = all.filter(({ path, caller }) => caller === 'admin' && path.includes('{tenantId}/'));
    expect(deep.length).toBeGreaterThan(7);
    for (const keep of [{ tenantId: own.tenantId }, own]) {
      for (const operation of deep.filter(({ path }) => /\{(accountId|deviceId|invitationId)\}/.test(path))) {
        if ('accountId' in keep && !operation.path.includes('{deviceId}')) continue;
        const absent = nobody();
        const [there, nowhere] = [
          await asked(operation, { ...foreign, ...keep }),
          await asked(operation, { ...absent, ...keep }),
        ];
        expect([nameOf(operation), there.status, same(there, foreign)]).toEqual([
          nameOf(operation),
          404,
          same(nowhere, absent),
        ]);
      }
    }
    const invite = all.find((operation) => nameOf(operation) === 'POST /v1/admin/tenants/{tenantId}/invitations');
    if (invite === undefined) throw new Error('no route for invitations');
    const absent = nobody();
    const [there, nowhere] = [
      await asked(invite, { ...foreign, tenantId: own.tenantId }),
      await asked(invite, { ...absent, tenantId: own.tenantId }),
    ];
    expect([there.status, same(there, foreign)]).toEqual([nowhere.status, same(nowhere, absent)]);
  });

  it('sees only its own in lists', async () => {
    for (const name of LISTS) {
      const operation = all.find((each) => nameOf(each) === name);
      if (operation === undefined) throw new Error(`no route ${name}`);
      const answer = await asked(operation, foreign);
      const text = Buffer.from(answer.bytes).toString();
      expect([name, answer.status, text.includes(mine.tenantId)]).toEqual([name, 200, true]);
      for (const id of [foreign.tenantId, foreign.tokenId]) expect([name, text.includes(id)]).toEqual([name, false]);
    }
  });

  it('sees in the audit what its own tokens did, and that no other one did anything to it', async () => {
    const { json } = await ask(mine.place.api, { method: 'GET', path: '/v1/admin/audit?limit=500', token: bound });
    const rows = json?.['rows'] as { tenantId: string }[];
    expect(rows.length).toBeGreaterThan(5);
    expect(new Set(rows.map(({ tenantId }) => tenantId))).toEqual(new Set([mine.tenantId]));
  });

  it('has nothing changed by all this on the other side', async () => {
    const at = `/v1/admin/tenants/${foreign.tenantId}`;
    const { devices } = await theirs.admin.get<{ devices: { active: boolean }[] }>(
      `${at}/accounts/${foreign.accountId}/devices`,
    );
    expect(devices).toMatchObject([{ active: true }]);
    const { invitations } = await theirs.admin.get<{ invitations: { invitationId: string; revoked: boolean }[] }>(
      `${at}/invitations`,
    );
    expect(invitations.find(({ invitationId }) => invitationId === foreign.invitationId)?.revoked).toBe(false);
  });

  it('is reached by nobody without a token, or with one of the other kind', async () => {
    const device = await alice.phone.accessToken();
    for (const operation of all.filter(({ caller }) => caller !== 'nobody')) {
      const request = {
        method: operation.method,
        path: filled(operation.path, { ...foreign }),
        ...bodyFor(operation, foreign),
      };
      const wrong = operation.caller === 'admin' ? device : bound;
      for (const token of [undefined, wrong, 'nonsense', `${device}x`]) {
        const answer = await ask(mine.place.api, { ...request, ...(token === undefined ? {} : { token }) });
        expect([nameOf(operation), answer.status]).toEqual([nameOf(operation), 401]);
      }
    }
  });
});

async function tokenOf(world: World): Promise<{ readonly token: string; readonly tokenId: string }> {
  const { tenantId } = world;
  return world.admin.post('/v1/admin/tokens', { name: 'bound', scopes: [...SCOPES], tenantId });
}

function nobody(): Names {
  const id = (): string => systemIds.uuid();
  return {
    tenantId: id(),
    accountId: id(),
    deviceId: id(),
    invitationId: id(),
    tokenId: id(),
  };
}

/** The body, without the ids that were asked for. */
function same({ bytes, json }: Answer, names: Names): unknown {
  const mismatch = json?.['mismatch'];
  let text = Buffer.from(bytes).toString();
  if (typeof mismatch === 'string') {
    const hex = Buffer.from(mismatch, 'base64url').toString('hex');
    text = text.replace(mismatch, hex.replaceAll(names.accountId.replaceAll('-', ''), '{accountId}'));
  }
  for (const [name, value] of Object.entries(names)) text = text.replaceAll(value as string, `{${name}}`);
  return text;
}
