import type { Command } from 'commander';
import { playStory } from '../demo-story.js';
import { DemoStage, type Finding } from '../demo-stage.js';
import type { Balance } from '../ledger.js';
import { table } from '../output.js';
import { onThrowAway } from '../throw-away.js';
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
  const { out, interrupted } = world;
  const seen = await onThrowAway(world, {}, async ({ installation, place, adminToken }) => {
    const stage = new DemoStage({ out, place, installation, adminToken, interrupted });
    await playStory(stage);
    await stage.settle();
    return { findings: stage.findings, balance: stage.balance() };
  });
  conclude(world, seen);
}

function conclude({ out }: World, seen: { readonly findings: readonly Finding[]; readonly balance: Balance }): void {
  const { findings, balance } = seen;
  out.line();
  out.line(out.paint('bold', 'What was seen, and the clause of the delivery contract that it shows'));
  const rows = table(findings.map(({ clause, good, seen: what }) => [clause, good ? 'held' : 'BROKEN', what]));
  for (const [at, row] of rows.entries()) out.line(`  ${findings[at]?.good === true ? row : out.paint('red', row)}`);
  const { delivered, lost, duplicated, astray } = balance;
  for (const [what, list] of Object.entries({ lost, duplicated, astray }))
    for (const item of list) out.line(`  ${what}: ${item}`);
  out.line();
  out.line(
    `demo: ${String(delivered)} envelopes delivered, ${String(lost.length)} lost, ${String(duplicated.length)} duplicated`,
  );
  const broken = findings.filter(({ good }) => !good).map(({ clause }) => clause);
  if (broken.length + lost.length + duplicated.length + astray.length === 0) return;
  const which = broken.length === 0 ? 'The books do not balance.' : `Not held: ${broken.join(', ')}.`;
  throw new Trouble(which, 'The lines above say what happened.');
}
