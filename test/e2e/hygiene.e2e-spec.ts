import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { testProof } from '../../libs/auth/testing.js';
import { startEmbeddedRedis, type EmbeddedRedis } from '../../libs/platform/embedded-redis.js';
import type { EmbeddedPostgres } from '../../libs/platform/embedded-postgres.js';
import { createLogger } from '../../libs/platform/log.js';
import { Metrics } from '../../libs/platform/metrics.js';
import { startThrowAwayPostgres } from '../../libs/platform/throw-away-postgres.js';
import { uuidToBytes } from '../../libs/protocol/ids.js';
import { parseLinkText } from '../../libs/protocol/link-text.js';
import { encodePrekeyUpload } from '../../libs/protocol/prekeys.js';
import { SottoClient } from '../../libs/sdk/client.js';
import { nodeHost } from '../../libs/sdk/host.js';
import { registrationOf } from '../../libs/signal/testing.js';
import { ask, CSV, FORM, JSON_TYPE, PROTOBUF, type Answer, type Asked } from '../world/ask.js';
import { Canaries, type Finding, type Haystack } from '../world/canaries.js';
import { Line } from '../world/line.js';
import { filled, operations, type Operation } from '../world/open-api.js';
import type { RawPerson } from '../world/raw-person.js';
import { RedisTap } from '../world/redis-tap.js';
import { Wiretap } from '../world/wiretap.js';
import { installationKind, World } from '../world/world.js';

/** The worst that an operator can set: everything is logged, with all parameters. */
const TALKATIVE = `
log_statement = 'all'
log_min_duration_statement = 0
log_min_error_statement = 'error'
log_error_verbosity = 'verbose'
log_parameter_max_length = -1
log_parameter_max_length_on_error = -1
`;
const CLIENT = '127.77.31.9';
const FORWARDED = '203.0.113.219';

describe('nothing that is nobody’s business is in a log, a metric, an error or Redis (D24)', () => {
  const canaries = new Canaries();
  /** Who exists: together they would say who writes to whom, so none of them is anywhere. */
  const ids = new Canaries();
  const folder = mkdtempSync(join(tmpdir(), 'sotto-hygiene-'));
  let postgres: EmbeddedPostgres;
  let admin: pg.Client;
  let redis: EmbeddedRedis | undefined;
  let redisTap: RedisTap | undefined;
  let tap: Wiretap;
  let world: World;
  let carol: RawPerson;
  let dan: RawPerson;
  const streams: Line[] = [];
  const statuses: number[] = [];

  beforeAll(async () => {
    postgres = await startThrowAwayPostgres();
    writeFileSync(join(postgres.data, 'sotto-local.conf'), TALKATIVE, { mode: 0o644 });
    const server = new pg.Client({ connectionString: postgres.url });
    await server.connect();
    await server.query('select pg_reload_conf()');
    await server.end();
    if (installationKind() === 'split') {
      redis = await startEmbeddedRedis({ cache: join(process.cwd(), '.cache') });
      redisTap = await RedisTap.start(redis.url);
    }
    canaries.plant('password of PostgreSQL', new URL(postgres.url).password);
    tap = new Wiretap(canaries, { address: CLIENT, exceptPorts: [postgres.port, redis?.port ?? 0] });
    world = await World.alone(installationKind(), {
      redisUrl: redis?.url,
      postgresUrl: postgres.url,
      env: { SOTTO_LOG_LEVEL: 'debug' },
    });
    admin = new pg.Client({ connectionString: world.place.databaseUrl });
    admin.on('error', () => undefined);
    await admin.connect();
    await quietly(`create table news_seen (payload text)`);
    await quietly(`create function keep_news() returns trigger language plpgsql as
      $$ begin insert into news_seen values (new::text); return new; end $$`);
    await quietly(`create trigger keep_news after insert on outbox for each row execute function keep_news()`);
    canaries.plant('admin token', world.place.adminToken);
    canaries.plant('forwarded address', FORWARDED);
    [carol, dan] = [await world.rawPerson('carol', 5), await world.rawPerson('dan', 5)];
    for (const { accountId, phone } of [carol, dan]) for (const id of [accountId, phone.id]) plantId(id);
  }, 120_000);

  afterAll(async () => {
    tap.stop();
    redisTap?.stop();
    for (const line of streams) if (line.isOpen) await line.close();
    await admin.end();
    await world.close();
    await postgres.stop();
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 120_000);

  function plantId(id: string): void {
    ids.plant('id', id);
    ids.plant('id', uuidToBytes(id));
  }

  const personsIn = (row: string): readonly RawPerson[] =>
    [carol, dan].filter(({ accountId, devices }) =>
      [accountId, ...devices.map(({ id }) => id)].some((id) => row.includes(id)),
    );

  /** What the story does to the database itself is not the product's to keep out of the log. */
  async function quietly(sql: string): Promise<pg.QueryResult> {
    await admin.query(
      `set log_statement = 'none'; set log_min_duration_statement = -1; set log_min_error_statement = 'panic'`,
    );
    return admin.query(sql);
  }

  async function stream(person: RawPerson, gateway = 0): Promise<Line> {
    const line = await person.phone.connect(gateway);
    streams.push(line);
    return line;
  }

  const note = (answer: Answer): number => {
    statuses.push(answer.status);
    return answer.status;
  };

  const letter = (name: string, more: object = {}) =>
    carol.phone.letter([dan], canaries.fresh(`ciphertext ${name}`), more);

  async function everyRoute(all: readonly Operation[], broken: string): Promise<void> {
    const { tenantId, place } = world;
    const stray = canaries.fresh(`body ${broken}`);
    const bodies: Readonly<Record<string, string | Uint8Array>> = {
      [JSON_TYPE]: JSON.stringify({ name: stray, code: stray, password: stray, devices: [stray] }),
      [FORM]: `grant_type=${encodeURIComponent('urn:ietf:params:oauth:grant-type:jwt-bearer')}&assertion=${stray}.${stray}.${stray}`,
      [CSV]: `name,account_id\n"${stray}",${stray}\n`,
      [PROTOBUF]: Buffer.concat([Buffer.from([0x0a, stray.length]), Buffer.from(stray)]),
    };
    for (const operation of all) {
      if (operation.method === 'DELETE' && !operation.path.endsWith('suspension')) continue;
      const deviceId = carol.phone.id;
      const names = { tenantId, accountId: dan.accountId, deviceId, invitationId: deviceId, tokenId: deviceId };
      const path = filled(operation.path, names).replace(/\/mailbox$/, '/mailbox?wait=0');
      const { method, takes } = operation;
      const body = takes === undefined ? {} : { type: takes, body: bodies[takes] ?? stray };
      const knock = async (asked: Omit<Asked, 'token'>): Promise<void> => {
        const byAdmin = operation.caller === 'admin';
        const answer = byAdmin
          ? ask(place.api, { ...asked, token: place.adminToken })
          : carol.phone.ask(asked).catch(async () => ask(place.api, { ...asked, token: stray }));
        note(await answer);
      };
      const headers = {
        cookie: stray,
        'user-agent': stray,
        'x-forwarded-for': FORWARDED,
        forwarded: `for=${FORWARDED}`,
      };
      await knock({ method, path, headers, ...body });
      note(await ask(place.api, { method, path, token: canaries.fresh('bad token'), ...body }));
      await knock({
        method,
        path: `${path}${path.includes('?') ? '&' : '?'}access_token=${canaries.fresh('token in a query')}`,
      });
      await knock({ method, path: path.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, stray), ...body });
      if (takes !== undefined) await knock({ method, path, type: takes, body: `{"${stray}` });
    }
    await world.admin.raw('DELETE', `/v1/admin/tenants/${tenantId}/accounts/${dan.accountId}/suspension`);
    note(await ask(place.api, { method: 'GET', path: `/v1/${canaries.fresh('path')}?q=${canaries.fresh('query')}` }));
  }

  it('while people of the SDK enrol, link, talk, and recover', async () => {
    const host = tap.host();
    const people = await Promise.all(
      ['one', 'two'].map(async (name) => {
        const custody = { kind: 'key', key: new Uint8Array(nodeHost.random(32)) } as const;
        canaries.plant('key of a store', custody.key);
        const place = { folder: join(folder, name), custody, host };
        return SottoClient.enrol({ ...place, server: world.place.api, code: await world.invitation() });
      }),
    );
    const [one, two] = people as [SottoClient, SottoClient];
    for (const { me } of people) for (const id of [me.accountId, me.deviceId]) plantId(id);
    canaries.plant('recovery code', one.recoveryCode());
    await Promise.all(people.map((person) => person.connect()));
    const link = await SottoClient.openLink({
      server: world.place.api,
      platform: 'test',
      name: canaries.fresh('device name'),
      host,
    });
    const parsed = parseLinkText(link.text);
    if (parsed.kind !== 'link') throw new Error('no link text');
    canaries.plant('link secret', parsed.link.secret);
    const approval = one.approveLink(link.text, { confirm: () => Promise.resolve(true) });
    await link.account();
    const place = {
      folder: join(folder, 'linked'),
      custody: { kind: 'key', key: new Uint8Array(32).fill(9) } as const,
      host,
    };
    const linked = await SottoClient.finishLink(link, place);
    await approval;
    plantId(linked.me.deviceId);
    await linked.connect();
    await two.send(one.me.accountId, canaries.fresh('text')).accepted;
    await linked.send(two.me.accountId, canaries.fresh('text')).accepted;
    await two.revokeDevice(two.me.deviceId);
    for (const client of [one, two, linked]) await client.close();
    expect(canaries.size).toBeGreaterThan(40);
  }, 60_000);

  it('while devices send, ack, and are refused, over REST and streams', async () => {
    const [mine, theirs] = [await stream(carol, 0), await stream(dan, 1)];
    await theirs.next('queue-empty');
    expect(note(await carol.phone.post(letter('over REST')))).toBe(200);
    const sent = letter('over the stream');
    expect((await mine.send(sent)).kind).toBe('accepted');
    expect((await mine.send({ ...sent, recipients: letter('under the same key').recipients })).kind).toBe('problem');
    expect(['accepted', 'problem']).toContain((await mine.send(letter('ephemeral', { class: 'ephemeral' }))).kind);
    await dan.link(theirs);
    const [phone, laptop] = dan.devices;
    plantId(laptop?.id ?? '');
    const incomplete = letter('without a device', { bundles: true });
    const [recipient] = incomplete.recipients;
    const some = { ...incomplete, recipients: [{ ...recipient!, envelopes: recipient!.envelopes.slice(0, 1) }] };
    expect((await mine.send(some)).kind).toBe('mismatch');
    expect(note(await carol.phone.post(some))).toBe(409);
    theirs.ack(await theirs.mail(2));
    await theirs.settled();
    mine.raw(Buffer.from(canaries.fresh('frame that is none')));
    await mine.end();
    const other = await stream(carol);
    other.raw(canaries.fresh('text frame'));
    await other.end();
    const unlinked = await world.provision();
    unlinked.raw(Buffer.from(canaries.fresh('frame on the link socket')));
    await unlinked.end();
    const keys = registrationOf(carol.phone.keys, { keys: 3, firstId: 50 }).prekeys;
    const upload = { method: 'POST', path: '/v1/keys', type: PROTOBUF, body: encodePrekeyUpload(keys) };
    expect(note(await carol.phone.ask(upload))).toBe(200);
    expect(note(await phone!.reregister(77))).toBe(200);
    await bound();
    for (const path of ['/v1/stream', '/v1/link'])
      await Line.open(
        `${world.place.gateways[0] ?? ''}${path}?access_token=${canaries.fresh('token in an upgrade')}`,
      ).catch(() => undefined);
    await Line.open(`${world.place.gateways[0] ?? ''}/v1/stream`, {
      authorization: `Bearer ${canaries.fresh('token of an upgrade')}`,
    }).catch(() => undefined);
  }, 60_000);

  async function bound(): Promise<void> {
    const { json } = await ask(world.place.api, { method: 'GET', path: '/v1/server' });
    const issuer = json?.['issuer'] as string;
    const key = carol.phone.keys.authPrivateKey;
    const dpop = await testProof(key, { method: 'POST', url: `${issuer}/v1/token`, now: Date.now() });
    const token = (await carol.phone.grant({ dpop })).json?.['access_token'] as string;
    const of = { method: 'GET', url: `${issuer}/v1/keys`, accessToken: token, now: Date.now() };
    const headers = { authorization: `DPoP ${token}`, dpop: await testProof(key, of) };
    expect(note(await ask(world.place.api, { method: 'GET', path: '/v1/keys', headers }))).toBe(200);
    expect(note(await ask(world.place.api, { method: 'GET', path: '/v1/keys', headers }))).toBe(401);
  }

  it('while every route is asked well and badly', async () => {
    const all = await operations(world.place.api);
    await everyRoute(all, 'while all is well');
    const line = `/v1/admin/tenants/${world.tenantId}/imports`;
    const csv = { method: 'POST', path: line, token: world.place.adminToken, type: CSV, body: 'name\nnobody' };
    expect(note(await ask(world.place.api, csv))).toBe(201);
  }, 60_000);

  /** Well asked, so that each comes as far as the database. */
  async function everyWrite(): Promise<void> {
    const at = `/v1/admin/tenants/${world.tenantId}`;
    const account = `${at}/accounts/${dan.accountId}`;
    const asked: readonly (readonly [string, string, object?])[] = [
      ['POST', '/v1/admin/tenants', { name: 'another' }],
      ['POST', '/v1/admin/tokens', { name: 'program', scopes: ['tenants'], expiresInHours: 1 }],
      ['PUT', `${at}/policy`, { tokens: 'bearer' }],
      ['POST', `${at}/accounts`, {}],
      ['POST', `${at}/invitations`, {}],
      ['POST', `${account}/reset`, {}],
      ['PUT', `${account}/suspension`],
      ['DELETE', `${account}/devices/${dan.phone.id}`],
      ['DELETE', account],
    ];
    for (const [method, path, body] of asked) statuses.push((await world.admin.raw(method, path, body)).status);
    const keys = registrationOf(carol.phone.keys, { keys: 3, firstId: 90 }).prekeys;
    note(await carol.phone.ask({ method: 'POST', path: '/v1/keys', type: PROTOBUF, body: encodePrekeyUpload(keys) }));
    note(await carol.phone.reregister(78));
    note(await carol.phone.ask({ method: 'DELETE', path: `/v1/devices/${carol.phone.id}` }));
    note(await carol.phone.grant());
    await world.rawPerson('erin').catch(() => undefined);
  }

  it('while every write breaks a rule of the database, and its connections are cut', async () => {
    const all = await operations(world.place.api);
    const { rows } = await quietly(`select relname as name from pg_class where relnamespace = 'public'::regnamespace
      and relkind in ('r', 'p') and not relispartition and relname not in ('_prisma_migrations', 'news_seen', 'node')`);
    const tables = rows.map(({ name }: { name: string }) => name);
    const each = (what: string): string => tables.map((name) => `alter table ${name} ${what};`).join('');
    const mine = await stream(carol);
    await mine.next('ready');
    await quietly(each('add constraint planted check (false) not valid'));
    const before = statuses.length;
    note(await carol.phone.post(letter('that breaks a rule')));
    expect(await mine.send(letter('that breaks a rule, on a stream'))).toMatchObject({ kind: 'problem' });
    await everyWrite();
    await everyRoute(all, 'while nothing can be written');
    expect(statuses.slice(before).filter((status) => status === 500).length).toBeGreaterThan(15);
    await quietly(each('drop constraint planted'));

    for (let round = 0; round < 5 || (round < 50 && !statuses.includes(503)); round += 1) {
      const sending = Array.from({ length: 8 }, async () => note(await carol.phone.post(letter('into a cut'))));
      await quietly(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'sotto%' and pid <> pg_backend_pid()`,
      );
      await Promise.all(sending);
    }
    expect(statuses).toContain(503);
    await sleep(1_000);
  }, 120_000);

  it('and while Redis is away', async () => {
    if (redis === undefined) return;
    stored.push(...(await redisTap!.haystacks()));
    await redis.kill();
    await sleep(300);
    const bundles = { method: 'POST', path: `/v1/accounts/${dan.accountId}/bundles`, type: JSON_TYPE, body: '{}' };
    expect(note(await carol.phone.ask(bundles))).toBe(503);
    expect(note(await carol.phone.post(letter('without Redis')))).toBeLessThan(500);
  }, 60_000);

  const stored: Haystack[] = [];

  async function everything(): Promise<readonly Haystack[]> {
    const { processes } = world;
    const logs = Object.keys(processes.pids).map((name) => ({
      place: `log of ${name}`,
      text: Buffer.from(processes.logOf(name)),
    }));
    const metrics = [];
    for (const [name, url] of Object.entries(processes.urls))
      metrics.push({
        place: `metrics of ${name}`,
        text: Buffer.from((await ask(url, { method: 'GET', path: '/metrics' })).bytes),
      });
    const logFolder = join(postgres.data, 'log');
    const database = readdirSync(logFolder).map((name) => ({
      place: 'log of PostgreSQL',
      text: readFileSync(join(logFolder, name)),
    }));
    const { rows } = await quietly('select string_agg(payload, chr(10)) as text from news_seen');
    const news = { place: 'outbox', text: Buffer.from((rows[0] as { text: string | null }).text ?? '') };
    return [...logs, ...metrics, ...database, news, tap.haystack(), ...stored];
  }

  const told = (findings: readonly Finding[]): readonly string[] => [
    ...new Set(
      findings.map(({ canary, place, form, near }) => `${canary.replace(/ \d+$/, '')} in ${place}, ${form}: ${near}`),
    ),
  ];

  it('is shown by a search that finds what is planted on purpose', async () => {
    const found = new Canaries();
    const control = found.fresh('control');
    const lines: string[] = [];
    createLogger({ level: 'debug', app: 'control' }, { write: (line) => lines.push(line) }).info(
      { token: Buffer.from(`xy${control}`).toString('base64url') },
      'planted',
    );
    const metrics = new Metrics();
    metrics.counter({ name: 'planted', help: 'planted', labelNames: ['who'] }).inc({ who: control });
    const talking = new pg.Client({ connectionString: world.place.databaseUrl });
    await talking.connect();
    await talking.query('select $1::bytea', [Buffer.from(control)]);
    await talking.end();
    const haystacks = [
      ...(await everything()),
      { place: 'control log', text: Buffer.from(lines.join('')) },
      { place: 'control metrics', text: Buffer.from((await metrics.render()).body) },
    ];
    expect(new Set(found.find(haystacks).map(({ place }) => place))).toEqual(
      new Set(['log of PostgreSQL', 'control log', 'control metrics']),
    );
    expect(tap.connections).toBeGreaterThan(30);
  });

  it('and finds nothing else', async () => {
    const haystacks = await everything();
    for (const { place, text } of haystacks) expect([place, text.length > 0]).toEqual([place, true]);
    expect(told(canaries.find(haystacks))).toEqual([]);
    // Refusals name what was asked for, to who asked; news are of one account each.
    const searched = haystacks.filter(({ place }) => place !== 'refusals' && place !== 'outbox');
    expect(told(ids.find(searched))).toEqual([]);
    const news = haystacks.find(({ place }) => place === 'outbox')?.text.toString() ?? '';
    for (const row of news.split('\n')) expect([row, personsIn(row).length <= 1]).toEqual([row, true]);
  }, 60_000);
});
