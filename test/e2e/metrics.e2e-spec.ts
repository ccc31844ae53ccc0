import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { documentedMetrics, servedMetrics, type MetricRow } from '../world/metrics-page.js';
import { textOf } from '../world/raw-device.js';
import { installationKind, World } from '../world/world.js';

/** One process has no Redis to lose. */
const ONLY_WITH_REDIS = ['sotto_redis_up'];
/** A uuid, an address, or bytes: nothing of the kind may be the value of a label. Our words have underscores. */
const ID = /="[^"]*([0-9a-f]{8}-[0-9a-f]{4}|@|[A-Za-z0-9-]{20,})[^"]*"/;

describe('the figures of an installation', () => {
  let world: World;
  let texts: readonly string[];

  beforeAll(async () => {
    world = await World.create();
    const [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
    const [sending, reading] = [await alice.phone.connect(0), await bob.phone.connect(1)];
    await sending.send(alice.phone.letter([bob], 'counted'));
    expect((await reading.mail()).map(textOf)).toEqual(['counted']);
    texts = await Promise.all(world.place.urls.map(async (url) => (await fetch(`${url}/metrics`)).text()));
  });
  afterAll(() => world.close());

  it('are those of docs/metrics.md, with these types, meanings and labels', () => {
    const page = documentedMetrics(readFileSync(join(process.cwd(), 'docs/metrics.md'), 'utf8'));
    const wanted = page.filter(({ name }) => installationKind() === 'split' || !ONLY_WITH_REDIS.includes(name));
    const served = new Map(texts.flatMap((text) => servedMetrics(text)).map((metric) => [metric.name, metric]));
    const plain = ({ name, type, help }: MetricRow): string => `${name} | ${type} | ${help}`;
    expect([...served.values()].map(plain).sort()).toEqual(wanted.map(plain).sort());
    for (const { name, labels } of texts.flatMap((text) => servedMetrics(text)))
      expect(page.find((metric) => metric.name === name)?.labels).toEqual(expect.arrayContaining([...labels]));
  });

  it('say what concerns the whole installation from the worker, and streams from each node', () => {
    const all = texts.join('\n');
    expect(all).toMatch(/^sotto_database_up 1$/m);
    expect(all).toMatch(/^sotto_database_connections [1-9]\d*$/m);
    expect(all).toMatch(/^sotto_outbox_oldest_seconds \d/m);
    const streams = [...all.matchAll(/^sotto_streams (\d+)$/gm)].map(([, count]) => Number(count));
    expect(streams.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(2);
    expect(all).toMatch(/^sotto_sends_total\{outcome="accepted"\} [1-9]/m);
  });

  it('name nobody', () => {
    expect(texts.flatMap((text) => text.split('\n')).filter((line) => !line.startsWith('#') && ID.test(line))).toEqual(
      [],
    );
  });
});
