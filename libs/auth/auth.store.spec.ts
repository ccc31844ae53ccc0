import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemIds } from '../platform/ids.js';
import { createLogger } from '../platform/log.js';
import { MasterKey } from '../platform/secrets.js';
import { testDatabase, type TestDatabase } from '../platform/testing/database.js';
import { FakeClock } from '../platform/testing/fakes.js';
import { Policy } from '../protocol/bodies.js';
import type { AccountId, Caller, DeviceId, TenantId } from '../protocol/ids.js';
import { appendRevoked, appendSuspended, Control, pruneControl } from './control.js';
import { Credentials } from './credentials.js';
import { ed25519PrivateKey, rawPublicKey } from './ed25519.js';
import { ServiceTokens } from './service-tokens.js';
import { SigningKeys } from './signing-keys.js';
import { SeenProofs } from './seen-proofs.js';
import { testAssertion } from './testing.js';
import { Tokens } from './tokens.js';

const ISSUER = 'https://chat.example';
const MINUTE = 60_000;
const clock = new FakeClock();
const masterKey = new MasterKey(systemIds.bytes(32));
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});

afterAll(() => database.drop());

const lax = { policy: () => Promise.resolve(Policy.parse({ tokens: 'bearer' })) };

function node() {
  const credentials = new Credentials(database.db);
  const keys = new SigningKeys(database.db, { masterKey, clock, ids: systemIds });
  return {
    credentials,
    keys,
    tokens: new Tokens({
      credentials,
      keys,
      clock,
      issuer: ISSUER,
      tenants: lax,
      seen: new SeenProofs(clock),
      installation: { notBefore: 0 },
    }),
  };
}

async function device() {
  const caller: Caller = {
    tenantId: systemIds.uuid<TenantId>(),
    accountId: systemIds.uuid<AccountId>(),
    deviceId: systemIds.uuid<DeviceId>(),
  };
  const key = ed25519PrivateKey(systemIds.bytes(32));
  await database.db.transact((tx) => node().credentials.save(tx, { caller, authKey: rawPublicKey(key) }));
  const assert = async (n: number, by = key) =>
    testAssertion(by, { deviceId: caller.deviceId, issuer: ISSUER, n, now: clock.now() });
  return { caller, assert };
}

describe('Tokens', () => {
  it('are granted by one node and verified by another', async () => {
    const { caller, assert } = await device();
    const granted = await node().tokens.grant(await assert(1));
    if (granted.kind !== 'granted') throw new Error(granted.code);
    expect(granted.expiresInSeconds).toBe(600);
    expect(await node().tokens.verify(granted.accessToken)).toEqual({ kind: 'caller', caller });
  });

  it('end after ten minutes', async () => {
    const { assert } = await device();
    const { tokens } = node();
    const granted = await tokens.grant(await assert(1));
    if (granted.kind !== 'granted') throw new Error(granted.code);
    clock.advance(10 * MINUTE - 1);
    expect(await tokens.verify(granted.accessToken)).toMatchObject({ kind: 'caller' });
    clock.advance(1);
    expect(await tokens.verify(granted.accessToken)).toMatchObject({ code: 'token_expired' });
  });

  it('are granted once for a counter, whichever nodes are asked at once', async () => {
    const { assert } = await device();
    const assertion = await assert(5);
    const outcomes = await Promise.all([node(), node(), node(), node()].map(({ tokens }) => tokens.grant(assertion)));
    expect(outcomes.filter(({ kind }) => kind === 'granted')).toHaveLength(1);
    expect(
      outcomes.filter((outcome) => outcome.kind === 'problem' && outcome.code === 'assertion_replayed'),
    ).toHaveLength(3);
    expect(await node().tokens.grant(await assert(4))).toMatchObject({ code: 'assertion_replayed' });
    expect(await node().tokens.grant(await assert(6))).toMatchObject({ kind: 'granted' });
  });

  it('are refused to a device that is revoked at that moment as to one that was, and not as to a copy of it', async () => {
    const { assert, caller } = await device();
    const proved = async () => {
      await database.db.transact((tx) => node().credentials.remove(tx, [caller.deviceId]));
      return { kind: 'passed' as const, giveBack: async () => Promise.resolve() };
    };
    const watch = { claimed: () => undefined, proved };
    expect(await node().tokens.grant(await assert(1), undefined, watch)).toMatchObject({ code: 'assertion_invalid' });
  });

  it('are not granted for a signature of another key, and that uses up no counter', async () => {
    const { assert } = await device();
    const forged = await assert(9, ed25519PrivateKey(systemIds.bytes(32)));
    expect(await node().tokens.grant(forged)).toMatchObject({ code: 'assertion_invalid' });
    expect(await node().tokens.grant(await assert(1))).toMatchObject({ kind: 'granted' });
  });

  it('are not granted to a device without credential, in the words of a wrong signature', async () => {
    const { caller, assert } = await device();
    const forged = await node().tokens.grant(await assert(1, ed25519PrivateKey(systemIds.bytes(32))));
    await database.db.transact((tx) => node().credentials.remove(tx, [caller.deviceId]));
    expect(await node().tokens.grant(await assert(1))).toEqual(forged);
  });

  it('are refused when altered, of another issuer, or an assertion', async () => {
    const { assert } = await device();
    const { tokens, keys, credentials } = node();
    const assertion = await assert(1);
    const granted = await tokens.grant(assertion);
    if (granted.kind !== 'granted') throw new Error(granted.code);
    const [head, body, signature] = granted.accessToken.split('.') as [string, string, string];
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
    const altered = Buffer.from(JSON.stringify({ ...claims, sub: systemIds.uuid<DeviceId>() })).toString('base64url');
    const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
    for (const bad of [`${head}.${altered}.${signature}`, `${none}.${body}.`, assertion, 'x', '']) {
      expect(await tokens.verify(bad)).toMatchObject({ code: 'unauthenticated' });
    }
    const elsewhere = new Tokens({
      credentials,
      keys,
      clock,
      issuer: 'https://other.example',
      tenants: lax,
      seen: new SeenProofs(clock),
      installation: { notBefore: 0 },
    });
    expect(await elsewhere.verify(granted.accessToken)).toMatchObject({ code: 'unauthenticated' });
  });

  it('is refused as expired when the database was restored after it was issued', async () => {
    const { credentials, keys, tokens } = node();
    const { assert, caller } = await device();
    const granted = await tokens.grant(await assert(1));
    if (granted.kind !== 'granted') throw new Error('not granted');
    expect(await tokens.verify(granted.accessToken)).toMatchObject({ kind: 'caller', caller });
    const restored = new Tokens({
      credentials,
      keys,
      clock,
      issuer: ISSUER,
      tenants: lax,
      seen: new SeenProofs(clock),
      installation: { notBefore: clock.now() + 1 },
    });
    expect(await restored.verify(granted.accessToken)).toMatchObject({ code: 'token_expired' });
  });
});

describe('SigningKeys', () => {
  it('make one first key, however many nodes need it at once, and keep it under the master key', async () => {
    await database.db.commit('delete from signing_key');
    const signers = await Promise.all(Array.from({ length: 8 }, () => node().keys.current()));
    expect(new Set(signers.map(({ kid }) => kid)).size).toBe(1);
    const rows = await database.db.query<{ wrapped: Buffer }>('select wrapped from signing_key');
    expect(rows).toHaveLength(1);
    const seed = signers[0]!.privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
    expect(rows[0]!.wrapped.includes(seed)).toBe(false);
  });

  it('finds the key of another node, and asks the table for an unknown one at most once a second', async () => {
    const { kid } = await node().keys.current();
    const late = node().keys;
    expect(await late.publicKey('unknown')).toBeUndefined();
    expect(await late.publicKey(kid)).toBeDefined();
    await database.db.commit(
      `insert into signing_key select 'rotated', public_key, wrapped, created_at + 1 from signing_key where kid = $1`,
      [kid],
    );
    expect(await late.publicKey('rotated')).toBeUndefined();
    clock.advance(1000);
    expect(await late.publicKey('rotated')).toBeDefined();
    await database.db.commit(`delete from signing_key where kid = 'rotated'`);
  });

  it('refuse another master key by name', async () => {
    await node().keys.current();
    const other = new SigningKeys(database.db, {
      masterKey: new MasterKey(systemIds.bytes(32)),
      clock,
      ids: systemIds,
    });
    await expect(other.current()).rejects.toThrow('another master key');
  });
});

describe('ServiceTokens', () => {
  const make = () => new ServiceTokens(database.db, clock, systemIds);

  it('are good for what they were made for, until they end', async () => {
    const tenantId = systemIds.uuid<TenantId>();
    const { token, serviceToken } = await make().create({
      name: 'ci',
      scopes: ['accounts', 'accounts'],
      tenantId,
      lifeMs: MINUTE,
    });
    expect(await make().verify(token)).toEqual({
      kind: 'admin',
      tokenId: serviceToken.id,
      tenantId,
      scopes: ['accounts'],
    });
    clock.advance(MINUTE);
    expect(await make().verify(token)).toMatchObject({ code: 'unauthenticated' });
  });

  it('are refused when revoked, and only their tenant or the installation may revoke them', async () => {
    const tenantId = systemIds.uuid<TenantId>();
    const { token, serviceToken } = await make().create({ name: 'ci', scopes: ['accounts'], tenantId, lifeMs: MINUTE });
    expect(await make().revoke(serviceToken.id, systemIds.uuid<TenantId>())).toMatchObject({ code: 'not_found' });
    expect(await make().verify(token)).toMatchObject({ kind: 'admin' });
    expect(await make().revoke(serviceToken.id, tenantId)).toEqual({ kind: 'revoked', tenantId });
    expect(await make().verify(token)).toMatchObject({ code: 'unauthenticated' });
    expect((await make().list(tenantId)).map(({ id, revoked }) => [id, revoked])).toEqual([[serviceToken.id, true]]);
    expect(await make().list(systemIds.uuid<TenantId>())).toEqual([]);
  });

  it('are refused in one way, whatever is wrong', async () => {
    const { token } = await make().create({ name: 'ci', scopes: ['accounts'], lifeMs: MINUTE });
    const bytes = Buffer.from(token.slice(4), 'base64url');
    const otherSecret = `sat_${Buffer.concat([bytes.subarray(0, 16), systemIds.bytes(32)]).toString('base64url')}`;
    const otherId = `sat_${Buffer.concat([systemIds.bytes(16), bytes.subarray(16)]).toString('base64url')}`;
    const refusals = await Promise.all(
      [otherSecret, otherId, `${token}A`, token.slice(0, -1), bytes.toString('base64url'), 'sat_', ''].map((bad) =>
        make().verify(bad),
      ),
    );
    for (const refusal of refusals)
      expect(refusal).toEqual({ kind: 'problem', code: 'unauthenticated', detail: 'the service token is not valid' });
  });
});

describe('Control', () => {
  const log = createLogger({ level: 'silent', app: 'spec' });

  it('tells each revocation once, also one that commits behind a later one', async () => {
    const control = new Control(database.db, { clock, log });
    const told: DeviceId[] = [];
    control.onRevoked((ids) => told.push(...ids));
    const [slow, quick] = [systemIds.uuid<DeviceId>(), systemIds.uuid<DeviceId>()];
    await database.db.transact(async (tx) => {
      await appendRevoked(tx, [slow], clock.now());
      await database.db.transact((inner) => appendRevoked(inner, [quick], clock.now()));
      await control.poll();
      expect(told).toEqual([quick]);
    });
    await control.poll();
    await control.poll();
    expect(told).toEqual([quick, slow]);
    expect([control.isRevoked(slow), control.isRevoked(quick), control.isRevoked(systemIds.uuid<DeviceId>())]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('knows at its start what was revoked before, as long as a token of it may live', async () => {
    const deviceId = systemIds.uuid<DeviceId>();
    await database.db.transact((tx) => appendRevoked(tx, [deviceId], clock.now()));
    clock.advance(11 * MINUTE);
    const control = new Control(database.db, { clock, log });
    await control.poll();
    expect(control.isRevoked(deviceId)).toBe(true);
    clock.advance(5 * MINUTE);
    await control.poll();
    expect(control.isRevoked(deviceId)).toBe(false);
  });

  it('is pruned of what refuses no living token, a piece at a time, while suspensions stay refused', async () => {
    await database.db.commit('delete from control');
    const { caller, assert } = await device();
    const ids = Array.from({ length: 5 }, () => systemIds.uuid<DeviceId>());
    await database.db.transact(async (tx) => {
      await appendRevoked(tx, ids, clock.now());
      await appendSuspended(tx, [caller.deviceId], clock.now());
      await node().credentials.suspend(tx, [caller.deviceId]);
    });
    clock.advance(15 * MINUTE);
    expect(await pruneControl(database.db, clock.now())).toBe(0);
    clock.advance(2 * MINUTE);
    const young = systemIds.uuid<DeviceId>();
    await database.db.transact((tx) => appendRevoked(tx, [young], clock.now()));
    const pruned = await Promise.all([4, 4].map((limit) => pruneControl(database.db, clock.now(), limit)));
    expect(pruned.every((count) => count <= 4)).toBe(true);
    await pruneControl(database.db, clock.now());
    expect(await database.db.query('select device_id from control')).toEqual([{ device_id: young }]);
    expect(await node().tokens.grant(await assert(1))).toMatchObject({ code: 'account_suspended' });
    const late = new Control(database.db, { clock, log });
    await late.poll();
    expect([late.isRevoked(young), late.isRevoked(ids[0]!)]).toEqual([true, false]);
  });

  it('hears of a revocation within two seconds by itself', async () => {
    const control = new Control(database.db, { clock, log });
    await control.start();
    const deviceId = systemIds.uuid<DeviceId>();
    const heard = new Promise<readonly DeviceId[]>((resolve) => control.onRevoked(resolve));
    const from = performance.now();
    // By how much a second is longer on this machine, which may have other things to do.
    const late = sleep(1_000).then(() => performance.now() - from - 1_000);
    await database.db.transact((tx) => appendRevoked(tx, [deviceId], clock.now()));
    expect(await heard).toEqual([deviceId]);
    const took = performance.now() - from;
    expect(took).toBeLessThan(2_000 + 4 * (await late));
    await control.stop();
  });
});
