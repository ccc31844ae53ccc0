import { IncomingMessage, type IncomingHttpHeaders } from 'node:http';
import { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';
import { appendRevoked, Control } from '../../../libs/auth/control.js';
import { SigningKeys } from '../../../libs/auth/signing-keys.js';
import { SeenProofs } from '../../../libs/auth/seen-proofs.js';
import { Tokens } from '../../../libs/auth/tokens.js';
import { DeviceWorld, type TestPerson } from '../../../libs/devices/testing.js';
import { systemIds } from '../../../libs/platform/ids.js';
import { createLogger } from '../../../libs/platform/log.js';
import { Db } from '../../../libs/platform/postgres.js';
import { MasterKey } from '../../../libs/platform/secrets.js';
import { testDatabase, type TestDatabase } from '../../../libs/platform/testing/database.js';
import { LIMITS } from '../../../libs/protocol/limits.js';
import { testDevice } from '../../../libs/signal/testing.js';
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
  let counter = 0;

  beforeAll(async () => {
    database = await testDatabase();
    world = await DeviceWorld.create(database.db);
    await world.tenants.setPolicy(world.tenantId, { tokens: 'bearer' });
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
    admissions = new Admissions(world.db, { tokens, control, guards, publicUrl: GATEWAY });
  });
  afterAll(() => database.drop());

  async function tokenOf({ phone }: TestPerson): Promise<string> {
    const now = Math.floor(world.clock.now() / 1000);
    const assertion = await new SignJWT({ n: (counter += 1) })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'sotto-assertion+jwt' })
      .setIssuer(phone.deviceId)
      .setSubject(phone.deviceId)
      .setAudience(ISSUER)
      .setIssuedAt(now)
      .setExpirationTime(now + 60)
      .sign(phone.authPrivateKey);
    const granted = await tokens.grant(assertion);
    if (granted.kind !== 'granted') throw new Error(granted.code);
    return granted.accessToken;
  }

  async function admit(path: string, headers: IncomingHttpHeaders = {}, by = admissions): Promise<unknown> {
    const request = new IncomingMessage(new Socket());
    request.headers = headers;
    return by.admit(path, request);
  }
  const bearer = (token: string): IncomingHttpHeaders => ({ authorization: `Bearer ${token}` });

  it('lets a device with its token to its own mailbox, under the list version of now', async () => {
    const alice = await world.person('alice');
    await world.link(alice, testDevice('alice laptop'));
    const place = await world.guards.placeOf(world.db, alice.phone.deviceId);
    expect(await admit('/v1/stream', bearer(await tokenOf(alice)))).toEqual({
      kind: 'admitted',
      context: { kind: 'stream', caller: alice.caller, mailboxNo: place?.mailboxNo },
    });
  });

  it('lets anybody link, and knows no other path', async () => {
    expect(await admit('/v1/link')).toEqual({ kind: 'admitted', context: { kind: 'link' } });
    for (const path of ['/', '/v1/streams', '/v1/stream/', '/v1'])
      expect(await admit(path)).toMatchObject({ kind: 'refused', code: 'not_found' });
  });

  it('refuses a missing, foreign or old token, and pages from elsewhere', async () => {
    const bob = await world.person('bob');
    const token = await tokenOf(bob);
    for (const headers of [{}, { authorization: token }, { authorization: 'Basic x' }, bearer(''), bearer(`${token}x`)])
      expect(await admit('/v1/stream', headers)).toMatchObject({ kind: 'refused', code: 'unauthenticated' });
    for (const path of ['/v1/stream', '/v1/link'])
      expect(await admit(path, { ...bearer(token), origin: 'https://evil.example' })).toMatchObject({
        code: 'not_allowed',
      });
    expect(await admit('/v1/stream', bearer(token))).toMatchObject({ kind: 'admitted' });
    world.clock.advance(LIMITS.accessTokenLife);
    expect(await admit('/v1/stream', bearer(token))).toMatchObject({ code: 'token_expired' });
  });

  it('refuses a revoked device before and after it has heard of the revocation', async () => {
    const carol = await world.person('carol');
    const token = await tokenOf(carol);
    const told: string[] = [];
    control.onRevoked((deviceIds) => told.push(...deviceIds));
    await world.revocations.byOwner(carol.caller, carol.phone.deviceId);
    expect(await admit('/v1/stream', bearer(token))).toMatchObject({ code: 'unauthenticated' });
    await control.poll();
    expect(told).toEqual([carol.phone.deviceId]);
    expect(await admit('/v1/stream', bearer(token))).toMatchObject({ code: 'unauthenticated' });
  });

  it('refuses who is on the control table, whatever its mailbox says', async () => {
    const erin = await world.person('erin');
    const token = await tokenOf(erin);
    await world.db.transact((tx) => appendRevoked(tx, [erin.phone.deviceId], world.clock.now()));
    expect(await admit('/v1/stream', bearer(token))).toMatchObject({ kind: 'admitted' });
    await control.poll();
    expect(await admit('/v1/stream', bearer(token))).toMatchObject({ code: 'unauthenticated' });
  });

  it('throws when it cannot know, so that the upgrade is answered as unavailable', async () => {
    const dave = await world.person('dave');
    const nowhere = Db.connect({ url: 'postgres://nobody:x@127.0.0.1:1/none', max: 1, application: 'spec' });
    const blind = new Admissions(nowhere, { tokens, control, guards: world.guards, publicUrl: GATEWAY });
    await expect(admit('/v1/stream', bearer(await tokenOf(dave)), blind)).rejects.toThrow();
    await nowhere.close();
  });

  it('refuses everybody once the node is going away', async () => {
    admissions.close();
    for (const path of ['/v1/stream', '/v1/link'])
      expect(await admit(path)).toMatchObject({ kind: 'refused', code: 'unavailable' });
  });
});
