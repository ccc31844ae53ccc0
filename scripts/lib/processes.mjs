import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';

/** Runs to the end and returns what it printed. */
export function capture(file, args, options = {}) {
  return new Promise((done, fail) => {
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.once('error', fail);
    child.once('close', (code, signal) => done({ code: code ?? 128 + (constants.signals[signal] ?? 0), output }));
  });
}

/**
 * Gives the terminal to a program and stays as its door: forwards one signal (Ctrl-C reaches this process alone, because
 * the program has a process group of its own), stops the program when npm disappears (a plain child would survive
 * `kill <npm>`), and returns its exit code. A second signal, two seconds later, kills.
 */
export function handOver(file, args, options = {}) {
  return new Promise((done, fail) => {
    const child = spawn(file, args, { stdio: 'inherit', detached: true, ...options });
    let asked = 0;
    const forward = (signal) => {
      if (asked === 0) child.kill(signal);
      else if (performance.now() - asked > 2000) killGroup(child.pid);
      else return;
      asked = performance.now();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => forward(signal));
    const family = ancestors();
    const watch = setInterval(() => {
      if (asked === 0 && String(ancestors()) !== String(family)) forward('SIGTERM');
    }, 300);
    child.once('error', fail);
    child.once('exit', (code, signal) => {
      clearInterval(watch);
      done(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

/** Our parent and its parent: between npm and this process there may stand a shell that outlives npm. */
function ancestors() {
  const parent = process.ppid;
  try {
    const stat = readFileSync(`/proc/${parent}/stat`, 'utf8');
    return [parent, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])];
  } catch {
    return [parent];
  }
}

function killGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}
