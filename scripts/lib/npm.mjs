import { spawn } from 'node:child_process';
import { ROOT } from './project.mjs';

/** Runs npm to its end, or kills it after `withinMs` (`late`). Never rejects for what npm says. */
export function npm(args, withinMs) {
  const cli = process.env.npm_execpath;
  const [file, first] = cli ? [process.execPath, [cli]] : ['npm', []];
  return new Promise((done, fail) => {
    const child = spawn(file, [...first, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    let late = false;
    for (const name of ['stdout', 'stderr']) child[name].on('data', (chunk) => (said[name] += chunk));
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, withinMs);
    child.once('error', fail);
    child.once('close', (code) => {
      clearTimeout(timer);
      done({ code, late, ...said });
    });
  });
}
