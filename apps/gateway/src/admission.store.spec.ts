import { IncomingMessage, type IncomingHttpHeaders } from 'node:http';
import { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Gate } from '../../../libs/auth/gate.js';
import { appendRevoked, Control } from '../../../libs/auth/control.js';
import { SigningKeys } from '../../../libs/auth/signing-keys.js';
import { SeenProofs } from '../../../libs/auth/seen-proofs.js';
import { testAssertion, testProof } from '../../../libs/auth/testing.js';
import { Tokens } from '../../../libs/auth/tokens.js';
import { DeviceWorld, type TestPerson } from '../../../libs/devices/testing.js';
import { systemIds } from '../../../libs/platform/ids.js';
import { Limiter } from '../../../libs/platform/limiter.js';
import { createLogger } from '../../../libs/platform/log.js';
import { Db } from '../../../libs/platform/postgres.js';
import { MasterKey } from '../../../libs/platform/secrets.js';
import { testDatabase, type TestDatabase } from '../../../libs/platform/testing/database.js';
import { LIMITS } from '../../../libs/protocol/limits.js';
import { testDevice } from '../../../libs/signal/testing.js';
import { Proxies } from '../../../libs/serving/network.js';
import { Admissions } from './admission.js';

const ISSUER = 'https://chat.example';
const GATEWAY = 'wss://gateway.example';
const log = createLogger({ level: 'silent', app: 'spec' });

describe('Admissions', () => {
  let database: TestDatabase;
  let world: DeviceWorld;
  let control: Control;
  let tokens: Tokens;
  let admissions: Admissions;
  let gate: Gate;
  const proxies = new Proxies(['192.0.2.0/24']);
  let counter = 0;

  beforeAll(async () => {
    database = await testDatabase();
    world = await DeviceWorld.create(database.db);
    const { credentials, clock, guards, tenants } = world;
    const keys = new SigningKeys(world.db, { masterKey: new MasterKey(systemIds.bytes(32)), clock, ids: systemIds });
    tokens = new Tokens({
      credentials,
      keys,
      clock,
      issuer: ISSUER,
      tenants,
      seen: new SeenProofs(clock),
      installation: { notBefore: 0 },
    });
    control = new Control(world.db, { clock, log });
    gate = new Gate(new Limiter(clock), tenants);
    admissions = new Admissions(world.db, { tokens, control, guards, gate, proxies, publicUrl: GATEWAY });
  });
  afterAll(() => database.drop());

  async function tokenOf({ phone }: TestPerson): Promise<string> {
    const of = { deviceId: phone.deviceId, issuer: ISSUER, n: (counter += 1), now: world.clock.now() };
    const assertion = await testAssertion(phone.authPrivateKey, of);
    const grant = { method: 'POST', url: `${ISSUER}/v1/token` };
    const proof = await testProof(phone.authPrivateKey, { ...grant, now: world.clock.now() });
    const granted = await tokens.grant(assertion, { ...grant, proof });
    if (granted.kind !== 'granted') throw new Error(granted.code);
    return granted.accessToken;
  }

  async function admit(path: string, headers: IncomingHttpHeaders = {}, by = admissions): Promise<unknown> {
    const request = new IncomingMessage(new Socket());
    request.headers = headers;
    return by.admit(path, request);
  }
  const shown = async ({ phone }: TestPerson, accessToken: string): Promise<IncomingHttpHeaders> => {
    const of = { method: 'GET', url: `${GATEWAY.replace('wss', 'https')}/v1/stream`, accessToken };
    return {
      authorization: `DPoP ${accessToken}`,
      dpop: await testProof(phone.authPrivateKey, { ...of, now: world.clock.now() }),
    };
  };

  it('lets a device with its token to its own mailbox, under the list version of now', async () => {
    const alice = await world.person('alice');
    await world.link(alice, testDevice('alice laptop'));
    const place = await world.guards.placeOf(world.db, alice.phone.deviceId);
    expect(await admit('/v1/stream', await shown(alice, await tokenOf(alice)))).toEqual({
      kind: 'admitted',
      context: { kind: 'stream', caller: alice.caller, mailboxNo: place?.mailboxNo },
    });
  });

  it('lets anybody link, and knows no other path', async () => {
    expect(await admit('/v1/link')).toEqual({ kind: 'admitted', context: { kind: 'link', from: 'unknown' } });
    for (const path of ['/', '/v1/streams', '/v1/stream/', '/v1'])
      expect(await admit(path)).toMatchObject({ kind: 'refused', code: 'not_found' });
  });

  it('lets only so many link from one network, counts them by what a trusted proxy says, and forgets those that are closed', async () => {
    const sockets: Socket[] = [];
    const link = async (peer: string, forwarded?: string): Promise<unknown> => {
      const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: peer });
      sockets.push(socket);
      const request = new IncomingMessage(socket);
      request.headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
      return (await admissions.admit('/v1/link', request)).kind;
    };
    for (let count = 0; count < LIMITS.linksPerNetwork; count += 1)
      expect(await link(`198.51.100.${String(count)}`)).toBe('admitted');
    expect(await link('198.51.100.200')).toBe('refused');
    expect(await link('198.51.101.1')).toBe('admitted');
    expect(await link('192.0.2.1', '198.51.100.9')).toBe('refused');
    expect(await link('192.0.2.1', '203.0.113.9')).toBe('admitted');
    const closed = new Promise((resolve) => sockets[0]!.once('close', resolve));
    sockets[0]!.destroy();
    await closed;
    expect(await link('198.51.100.201')).toBe('admitted');
    expect(await link('198.51.100.202')).toBe('refused');
    for (const socket of sockets) socket.destroy();
  });

  it('gives no place to who has hung up before the answer', async () => {
    const { guards } = world;
    const counting = Object.assign(Object.create(gate) as Gate, {
      enter: async (...of: Parameters<Gate['enter']>) => {
        await new Promise((resolve) => setImmediate(resolve));
        return gate.enter(...of);
      },
    });
    const slow = new Admissions(world.db, { tokens, control, guards, gate: counting, proxies, publicUrl: GATEWAY });
    for (let count = 0; count < LIMITS.linksPerNetwork; count += 1) {
      const socket = new Socket();
      const admitted = slow.admit('/v1/link', new IncomingMessage(socket));
      socket.destroy();
      expect(await admitted).toMatchObject({ kind: 'refused' });
    }
    expect(await admit('/v1/link', {}, slow)).toMatchObject({ kind: 'admitted' });
  });

  it('refuses a missing, foreign or old token, and pages from elsewhere', async () => {
    const bob = await world.person('bob');
    const token = await tokenOf(bob);
    for (const headers of [
      {},
      { authorization: token },
      { authorization: 'Basic x' },
      await shown(bob, ''),
      await shown(bob, `${token}x`),
    ])
      expect(await admit('/v1/stream', headers)).toMatchObject({ kind: 'refused', code: 'unauthenticated' });
    for (const path of ['/v1/stream', '/v1/link'])
      expect(await admit(path, { ...(await shown(bob, token)), origin: 'https://evil.example' })).toMatchObject({
        code: 'not_allowed',
      });
    expect(await admit('/v1/stream', { authorization: `Bearer ${token}` })).toMatchObject({ code: 'proof_invalid' });
    expect(await admit('/v1/stream', await shown(bob, token))).toMatchObject({ kind: 'admitted' });
    world.clock.advance(LIMITS.accessTokenLife);
    expect(await admit('/v1/stream', await shown(bob, token))).toMatchObject({ code: 'token_expired' });
  });

  it('refuses a revoked device before and after it has heard of the revocation', async () => {
    const carol = await world.person('carol');
    const token = await tokenOf(carol);
    const told: string[] = [];
    control.onRevoked((deviceIds) => told.push(...deviceIds));
    await world.revocations.byOwner(carol.caller, carol.phone.deviceId);
    expect(await admit('/v1/stream', await shown(carol, token))).toMatchObject({ code: 'unauthenticated' });
    await control.poll();
    expect(told).toEqual([carol.phone.deviceId]);
    expect(await admit('/v1/stream', await shown(carol, token))).toMatchObject({ code: 'unauthenticated' });
  });

  it('refuses who is on the control table, whatever its mailbox says', async () => {
    const erin = await world.person('erin');
    const token = await tokenOf(erin);
    await world.db.transact((tx) => appendRevoked(tx, [erin.phone.deviceId], world.clock.now()));
    expect(await admit('/v1/stream', await shown(erin, token))).toMatchObject({ kind: 'admitted' });
    await control.poll();
    expect(await admit('/v1/stream', await shown(erin, token))).toMatchObject({ code: 'unauthenticated' });
  });

  it('limits the streams of a device, and of a network only failures, told with the time to wait', async () => {
    const frank = await world.person('frank');
    await world.tenants.setPolicy(world.tenantId, { grantsPerMinute: 2 });
    const token = await tokenOf(frank);
    for (let count = 0; count < 2; count += 1)
      expect(await admit('/v1/stream', await shown(frank, token))).toMatchObject({ kind: 'admitted' });
    const refused = await admit('/v1/stream', await shown(frank, token));
    expect(refused).toMatchObject({ kind: 'refused', code: 'limited' });
    expect((refused as { retryAfterMs: number }).retryAfterMs).toBeLessThanOrEqual(30_000);
    world.clock.advance(60_000);
    const failures: string[] = [];
    for (let count = 0; count < 12; count += 1)
      failures.push(((await admit('/v1/stream', await shown(frank, `${token}x`))) as { code: string }).code);
    expect(failures).toEqual([...Array<string>(10).fill('unauthenticated'), 'limited', 'limited']);
    expect(await admit('/v1/link')).toMatchObject({ kind: 'refused', code: 'limited' });
    expect(await admit('/v1/stream', await shown(frank, token))).toMatchObject({ kind: 'admitted' });
  });

  it('throws when it cannot know, so that the upgrade is answered as unavailable', async () => {
    const dave = await world.person('dave');
    const nowhere = Db.connect({ url: 'postgres://nobody:x@127.0.0.1:1/none', max: 1, application: 'spec' });
    const blind = new Admissions(nowhere, { tokens, control, guards: world.guards, gate, proxies, publicUrl: GATEWAY });
    await expect(admit('/v1/stream', await shown(dave, await tokenOf(dave)), blind)).rejects.toThrow();
    await nowhere.close();
  });

  it('refuses everybody once the node is going away', async () => {
    admissions.close();
    for (const path of ['/v1/stream', '/v1/link'])
      expect(await admit(path)).toMatchObject({ kind: 'refused', code: 'unavailable' });
  });
});
