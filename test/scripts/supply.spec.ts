import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

type Verdict = Readonly<Record<string, unknown>>;
interface Answer {
  readonly code: number;
  readonly late: boolean;
  readonly stdout: string;
  readonly stderr: string;
}
interface Rules {
  judgeSignatures(answer: Answer): Verdict;
  judgeAdvisories(answer: Answer, at: { readonly exceptions: readonly object[]; readonly today: string }): Verdict;
}

const SCRIPT = join(import.meta.dirname, '../../scripts/supply.mjs');
const answered = (body: object, code = 1): Answer => ({ code, late: false, stdout: JSON.stringify(body), stderr: '' });
const finding = (severity: string) =>
  answered({
    vulnerabilities: {
      ws: {
        via: [{ name: 'ws', severity, title: 'a fault', url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc' }],
      },
      other: { via: ['ws'] },
    },
  });

describe('npm run supply', () => {
  let rules: Rules;
  beforeAll(async () => {
    rules = (await import(pathToFileURL(SCRIPT).href)) as Rules;
  });

  it('fails on a signature that is bad or missing, and only then', () => {
    const broken = [{ name: 'ws', version: '8.0.0' }];
    expect(rules.judgeSignatures(answered({ invalid: broken, missing: [] }))).toMatchObject({ kind: 'bad' });
    expect(rules.judgeSignatures(answered({ invalid: [], missing: broken }))).toMatchObject({ kind: 'bad' });
    expect(rules.judgeSignatures(answered({ invalid: [], missing: [] }, 0))).toEqual({ kind: 'good' });
    expect(rules.judgeSignatures({ ...answered({}), late: true })).toMatchObject({ kind: 'not-offered' });
    const mirror = answered({ error: { summary: 'no keys at https://mirror.example/-/npm' } });
    expect(rules.judgeSignatures(mirror)).toEqual({ kind: 'not-offered', why: 'no keys at …/-/npm' });
  });

  it('fails on a grave advisory until it is explained for this package and this day', () => {
    const at = { exceptions: [], today: '2026-01-02' };
    const why = { id: 'GHSA-aaaa-bbbb-cccc', package: 'ws', why: 'only its client is used', until: '2026-01-02' };
    expect(rules.judgeAdvisories(finding('moderate'), at)).toEqual({ kind: 'good', explained: 0 });
    expect(rules.judgeAdvisories(finding('high'), at)).toMatchObject({ kind: 'bad', open: [{ package: 'ws' }] });
    expect(rules.judgeAdvisories(finding('high'), { ...at, exceptions: [why] })).toEqual({
      kind: 'good',
      explained: 1,
    });
    for (const unfit of [{ until: '2026-01-01' }, { package: 'zod' }, { why: '' }])
      expect(rules.judgeAdvisories(finding('critical'), { ...at, exceptions: [{ ...why, ...unfit }] }).kind).toBe(
        'bad',
      );
    expect(rules.judgeAdvisories(answered({ message: '405' }), at)).toEqual({ kind: 'not-offered', why: '405' });
  });

  describe('asking a registry', () => {
    let registry: Server;
    let grave = false;
    beforeAll(async () => {
      registry = createServer((request, response) => {
        request.resume();
        const asked = request.url ?? '';
        const advisory = {
          id: 1,
          url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
          title: 'a planted fault',
          severity: 'critical',
          vulnerable_versions: '*',
        };
        const known = asked.endsWith('/advisories/bulk') && grave;
        response.writeHead(known ? 200 : 405, { 'content-type': 'application/json' });
        response.end(known ? JSON.stringify({ jose: [advisory] }) : '{}');
      }).listen(0, '127.0.0.1');
      await once(registry, 'listening');
    });
    afterAll(() => {
      registry.closeAllConnections();
      registry.close();
    });

    async function run(): Promise<{ readonly code: number; readonly said: string }> {
      const url = `http://127.0.0.1:${String((registry.address() as AddressInfo).port)}/`;
      const { NODE_OPTIONS: _, ...env } = process.env;
      const child = spawn(process.execPath, [SCRIPT], {
        env: { ...env, npm_config_registry: url, npm_config_update_notifier: 'false' },
      });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (said += data.toString()));
      const [code] = (await once(child, 'close')) as [number];
      return { code, said };
    }

    it('says so and goes on where it offers nothing, and fails where it knows of a fault in what ships', async () => {
      grave = false;
      const silent = await run();
      expect(silent).toMatchObject({ code: 0, said: expect.stringMatching(/advisories: not looked at/) });
      expect(silent.said).toMatch(/bill of materials: \d{2,} components/);
      grave = true;
      const warned = await run();
      expect(warned).toMatchObject({ code: 1, said: expect.stringMatching(/GHSA-aaaa-bbbb-cccc in jose/) });
    }, 120_000);
  });
});
