import { CommanderError } from 'commander';
import { explain, missingLibrary } from './trouble.js';
import { processWorld } from './world.js';

const world = processWorld();
try {
  const { buildProgram } = await import('./program.js').catch((error: unknown) => {
    throw missingLibrary(error) ?? error;
  });
  await buildProgram(world).parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    const { lines, exitCode } = explain(error);
    world.out.error('');
    for (const line of lines) world.out.error(line);
    process.exitCode = exitCode;
  }
}
