import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { ask } from '../world/ask.js';
import type { RawDevice } from '../world/raw-device.js';
import { World } from '../world/world.js';

describe('access tokens', () => {
  let world: World;
  let issuer: string;
  let gateway: string;

  beforeAll(async () => {
    world = await World.create();
    const { json } = await ask(world.place.api, { method: 'GET', path: '/v1/server' });
    [issuer, gateway] = [json?.['issuer'] as string, json?.['gateway'] as string];
  });
  afterAll(async () => {
    await world.close();
  });

  async function bound(device: RawDevice): Promise<string> {
    const { json } = await device.grant();
    expect(json).toMatchObject({ token_type: 'DPoP' });
    return json?.['access_token'] as string;
  }

  async function keys(headers: Record<string, string>, query = ''): Promise<unknown> {
    const answer = await fetch(`${world.place.api}/v1/keys${query}`, { headers });
    const { code } = (await answer.json()) as { code?: string };
    return code ?? answer.status;
  }

  function upgrade(at: number, headers: Readonly<Record<string, string>>, query = ''): Promise<number | undefined> {
    const { gateways } = world.place;
    const socket = new WebSocket(`${gateways[at % gateways.length] ?? ''}/v1/stream${query}`, 'sotto.v1', { headers });
    return new Promise((resolve) => {
      socket.on('error', () => undefined);
      socket.once('open', () => {
        socket.close();
        resolve(101);
      });
      socket.once('unexpected-response', (_, answer) => {
        resolve(answer.statusCode);
        socket.terminate();
      });
    });
  }

  it('bound to a key open REST with a fresh proof for the request, and nothing else', async () => {
    const { phone } = await world.rawPerson('alice');
    const token = await bound(phone);
    const of = { method: 'GET', url: `${issuer}/v1/keys`, accessToken: token };
    const authorization = `DPoP ${token}`;
    const dpop = await phone.proof(of);
    expect(await keys({ authorization, dpop })).toBe(200);
    expect(await keys({ authorization, dpop })).toBe('proof_invalid');
    expect(await keys({ authorization })).toBe('proof_invalid');
    expect(await keys({ authorization: `Bearer ${token}` })).toBe('proof_invalid');
    const elsewhere = await phone.proof({ ...of, url: `${issuer}/v1/messages` });
    expect(await keys({ authorization, dpop: elsewhere })).toBe('proof_invalid');
    const again = await phone.proof(of);
    expect(await keys({ authorization, dpop: again }, `?access_token=${token}`)).toBe('malformed');
  });

  it('bound to a key open the stream on every gateway with a proof, and not without', async () => {
    const { phone } = await world.rawPerson('bob');
    const token = await bound(phone);
    const url = `${gateway.replace(/^ws/, 'http')}/v1/stream`;
    for (const at of [0, 1]) {
      expect(await upgrade(at, { authorization: `Bearer ${token}` })).toBe(401);
      expect(await upgrade(at, { authorization: `DPoP ${token}` })).toBe(401);
      const dpop = await phone.proof({ method: 'GET', url, accessToken: token });
      expect(await upgrade(at, { authorization: `DPoP ${token}`, dpop })).toBe(101);
      expect(await upgrade(at, { authorization: `DPoP ${token}`, dpop })).toBe(401);
    }
  });

  it('are taken from the Authorization header alone, and from no page of another place', async () => {
    const { phone } = await world.rawPerson('frank');
    const token = await phone.accessToken();
    const of = { method: 'GET', path: '/v1/keys' };
    const { dpop = '' } = await phone.credentials(of);
    for (const cookie of [`access_token=${token}`, `authorization=DPoP ${token}; dpop=${dpop}`])
      for (const more of [{}, { dpop }]) expect(await keys({ cookie, ...more })).toBe('unauthenticated');
    expect(await keys({ ...(await phone.credentials(of)), cookie: 'access_token=another' })).toBe(200);
    expect(await keys({ ...(await phone.credentials(of)), origin: issuer })).toBe(200);
    for (const origin of ['https://evil.example', 'null', `${issuer}.evil.example`])
      expect(await keys({ ...(await phone.credentials(of)), origin })).toBe('not_allowed');
    for (const at of [0, 1]) {
      expect(await upgrade(at, { cookie: `access_token=${token}`, dpop })).toBe(401);
      expect(await upgrade(at, { ...(await phone.upgrade()), cookie: 'access_token=another' })).toBe(101);
      for (const origin of ['https://evil.example', 'null'])
        expect(await upgrade(at, { ...(await phone.upgrade()), origin })).toBe(403);
      expect(await upgrade(at, await phone.upgrade(), `?access_token=${token}`)).toBe(400);
    }
  });

  it('copied by somebody open nothing, whatever proof comes with them, on REST and on every gateway', async () => {
    const [{ phone }, { phone: thief }] = [await world.rawPerson('grace'), await world.rawPerson('mallory')];
    const accessToken = await phone.accessToken();
    const stale = { iat: Math.floor(Date.now() / 1000) - 600 };
    const stream = `${gateway.replace(/^ws/, 'http')}/v1/stream`;
    for (const [url, elsewhere] of [
      [`${issuer}/v1/keys`, `${issuer}/v1/messages`],
      [stream, stream.replace('/v1/stream', '/v1/link')],
    ] as const) {
      const good = { method: 'GET', url, accessToken };
      const other = await thief.accessToken();
      const proofs = [
        await thief.proof(good),
        await phone.proof({ ...good, url: elsewhere }),
        await phone.proof({ ...good, method: 'POST' }),
        await phone.proof({ ...good, accessToken: other }),
        await phone.proof({ method: 'GET', url }),
        await phone.proof({ ...good, claims: stale }),
        '',
        'x',
      ];
      const authorization = `DPoP ${accessToken}`;
      for (const [index, dpop] of proofs.entries()) {
        if (url !== stream)
          expect(await keys({ authorization, dpop })).toBe(index === 5 ? 'clock_skew' : 'proof_invalid');
        else for (const at of [0, 1]) expect(await upgrade(at, { authorization, dpop })).toBe(401);
      }
      const swapped = { authorization: `DPoP ${other}`, dpop: await phone.proof({ ...good, accessToken: other }) };
      expect(url === stream ? await upgrade(0, swapped) : await keys(swapped)).toBe(
        url === stream ? 401 : 'proof_invalid',
      );
    }
  });

  it('open streams that are never compressed, also for who offers it', async () => {
    const { phone } = await world.rawPerson('heidi');
    for (const url of world.place.gateways) {
      const headers = await phone.upgrade();
      const socket = new WebSocket(`${url}/v1/stream`, 'sotto.v1', { headers, perMessageDeflate: true });
      await new Promise((resolve) => socket.once('open', resolve));
      expect(socket.extensions).toBe('');
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.close();
      await closed;
    }
  });

  it('without a key end with the policy that allowed them, while people of the SDK talk on', async () => {
    const lax = await world.neighbour();
    const policy = (tokens: 'dpop' | 'bearer') => lax.admin.put(`/v1/admin/tenants/${lax.tenantId}/policy`, { tokens });
    try {
      await policy('bearer');
      const { phone } = await lax.rawPerson('carol');
      const plain = (await phone.grant({})).json;
      expect(plain).toMatchObject({ token_type: 'Bearer' });
      const authorization = `Bearer ${String(plain?.['access_token'])}`;
      expect(await keys({ authorization })).toBe(200);
      expect(await upgrade(0, { authorization })).toBe(101);
      await policy('dpop');
      expect(await keys({ authorization })).toBe('proof_invalid');
      expect((await phone.grant({})).json).toMatchObject({ code: 'proof_invalid' });
      const [dave, erin] = [await lax.person('dave'), await lax.person('erin')];
      await dave.phone.send(erin, 'bound');
      expect(await erin.phone.nextText()).toBe('bound');
    } finally {
      await lax.close();
    }
  });
});
