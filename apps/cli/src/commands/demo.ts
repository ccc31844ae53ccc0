import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { playStory } from '../demo-story.js';
import { DemoStage, type Finding } from '../demo-stage.js';
import { firstStart, type FirstStart } from '../first-start.js';
import { homeAt } from '../home.js';
import { Installation } from '../installation.js';
import type { Balance } from '../ledger.js';
import { table } from '../output.js';
import { Trouble } from '../trouble.js';
import type { World } from '../world.js';

export function demoCommand(program: Command, world: World): void {
  program
    .command('demo')
    .description('A conversation with everything that can go wrong, on throw-away data; counts every copy')
    .addHelpText(
      'after',
      `
Uses its own PostgreSQL, free ports and a temporary folder, and cleans up. Exit code 0 when nothing was lost, nothing
came twice, and every clause held; else 1.

Example:
  $ sotto demo`,
    )
    .action(() => demo(world));
}

async function demo(world: World): Promise<void> {
  const { out } = world;
  const home = homeAt(mkdtempSync(join(tmpdir(), 'sotto-demo-')));
  let installation: Installation | undefined;
  let stage: DemoStage | undefined;
  try {
    let begun: FirstStart | undefined;
    installation = await Installation.start({
      ...world,
      home,
      env: withoutSettings(world.env),
      bind: '127.0.0.1',
      port: 0,
      throwAway: true,
      prepare: async (url) => {
        begun = await firstStart(url, { home, demo: true });
      },
    });
    if (begun?.demoTenant === undefined) throw new Error('there is no demo tenant');
    const place = { home, host: world.host, server: installation.url, tenantId: begun.demoTenant };
    stage = new DemoStage({ out, place, installation, adminToken: begun.adminToken });
    await Promise.race([playStory(stage), interruption(world.interrupted)]);
    await stage.settle();
  } finally {
    await stage?.close().catch((error: unknown) => {
      out.error(`clean-up: ${String(error)}`);
    });
    await installation?.stop();
    rmSync(home.folder, { recursive: true, force: true });
  }
  conclude(world, { findings: stage.findings, balance: stage.balance() });
}

/** The installation of this machine is none of the demo's business. */
function withoutSettings(env: World['env']): World['env'] {
  const ours = /^(SOTTO_|DATABASE_URL$|REDIS_URL$)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ours.test(name)));
}

function interruption(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => {
      reject(new Trouble('The demo was interrupted.', 'Everything it had made is gone.'));
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
  });
}

function conclude({ out }: World, seen: { readonly findings: readonly Finding[]; readonly balance: Balance }): void {
  const { findings, balance } = seen;
  out.line();
  out.line(out.paint('bold', 'What was seen, and the clause of the delivery contract that it shows'));
  const rows = table(findings.map(({ clause, good, seen: what }) => [clause, good ? 'held' : 'BROKEN', what]));
  for (const [at, row] of rows.entries()) out.line(`  ${findings[at]?.good === true ? row : out.paint('red', row)}`);
  const { delivered, lost, duplicated, astray } = balance;
  for (const [what, list] of Object.entries({ lost, duplicated, astray })) for (const item of list) out.line(`  ${what}: ${item}`);
  out.line();
  out.line(`demo: ${String(delivered)} envelopes delivered, ${String(lost.length)} lost, ${String(duplicated.length)} duplicated`);
  const broken = findings.filter(({ good }) => !good).map(({ clause }) => clause);
  if (broken.length + lost.length + duplicated.length + astray.length === 0) return;
  const which = broken.length === 0 ? 'The books do not balance.' : `Not held: ${broken.join(', ')}.`;
  throw new Trouble(which, 'The lines above say what happened.');
}
