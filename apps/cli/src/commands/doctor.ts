import type { Command } from 'commander';
import {
  databaseDiagnoses,
  doorDiagnosis,
  homeDiagnoses,
  libraryDiagnosis,
  nodeDiagnosis,
  redisDiagnosis,
  serverDiagnosis,
} from '../doctor-checks.js';
import { jobDiagnoses } from '../doctor-database.js';
import type { Diagnosis } from '../diagnosis.js';
import { secretDiagnoses } from '../doctor-secrets.js';
import { Trouble } from '../trouble.js';
import type { World } from '../world.js';

export function doctorCommand(program: Command, world: World): void {
  program
    .command('doctor')
    .description('Look at everything this installation needs; say what is wrong or unsafe, and how to mend it')
    .addHelpText(
      'after',
      `
Changes nothing. Reads the same settings as the server (DATABASE_URL, REDIS_URL, SOTTO_…). Exit code 1 when something
has to be mended; notes alone are 0.

Example:
  $ sotto doctor`,
    )
    .action(() => doctor(world));
}

async function doctor(world: World): Promise<void> {
  const { out } = world;
  const diagnoses = [
    nodeDiagnosis(process.versions.node),
    await libraryDiagnosis(),
    ...homeDiagnoses(world),
    ...(await databaseDiagnoses(world)),
    ...(await secretDiagnoses(world)),
    await redisDiagnosis(world),
    await serverDiagnosis(world),
    ...(await jobDiagnoses(world)),
    doorDiagnosis(world),
  ];
  for (const diagnosis of diagnoses) for (const line of linesOf(world, diagnosis)) out.line(line);
  const broken = diagnoses.filter(({ level }) => level === 'bad').length;
  if (broken > 0) throw new Trouble(`${String(broken)} to mend.`, 'What to do stands below each.');
  out.line();
  out.line('Nothing has to be mended.');
}

const MARKS = { good: ['green', 'ok  '], note: ['yellow', 'note'], bad: ['red', 'BAD '] } as const;

function linesOf({ out }: World, { level, name, what, advice }: Diagnosis): readonly string[] {
  const [style, mark] = MARKS[level];
  const line = `${out.paint(style, mark)}  ${name.padEnd(10)}  ${what}`;
  return advice === undefined ? [line] : [line, `${' '.repeat(18)}${advice}`];
}
