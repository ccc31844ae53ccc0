import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocket } from 'ws';

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
}

/** As Chrome's DevTools read it. Times in microseconds. */
interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface TopFunction {
  readonly name: string;
  /** Of the whole time, in which it ran itself. */
  readonly share: number;
}

const SAMPLE_US = 500;

/** A profile of one running process over its inspector (`--inspect`): nothing of its start and end is in it. */
export class Profiling {
  private lastId = 0;

  private constructor(private readonly socket: WebSocket) {}

  /** `log`: where the process has said on which address its inspector listens. */
  static async begin(log: string): Promise<Profiling | undefined> {
    const url = /Debugger listening on (ws:\S+)/.exec(log)?.[1];
    if (url === undefined) return undefined;
    const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 2 ** 30 });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const profiling = new Profiling(socket);
    await profiling.ask('Profiler.enable');
    await profiling.ask('Profiler.setSamplingInterval', { interval: SAMPLE_US });
    await profiling.ask('Profiler.start');
    return profiling;
  }

  async end(): Promise<CpuProfile> {
    const { profile } = (await this.ask('Profiler.stop')) as { readonly profile: CpuProfile };
    this.socket.close();
    return profile;
  }

  private async ask(method: string, params: object = {}): Promise<unknown> {
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      const hear = (data: Buffer): void => {
        const said = JSON.parse(data.toString()) as { readonly id?: number; readonly result?: unknown };
        if (said.id !== id) return;
        this.socket.off('message', hear);
        resolve(said.result);
      };
      this.socket.on('message', hear);
      this.socket.once('close', reject);
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }
}

/** All processes at once, while `work` runs: one profile each, by name. */
export async function profiled(
  logs: Readonly<Record<string, string>>,
  work: () => Promise<unknown>,
): Promise<ReadonlyMap<string, CpuProfile>> {
  const begun = await Promise.all(
    Object.entries(logs).map(async ([name, log]) => [name, await Profiling.begin(log)] as const),
  );
  await work();
  const profiles = new Map<string, CpuProfile>();
  for (const [name, profiling] of begun) if (profiling !== undefined) profiles.set(name, await profiling.end());
  return profiles;
}

export function saveProfile(folder: string, name: string, profile: CpuProfile): string {
  const path = join(folder, `${name.replaceAll(' ', '-')}.cpuprofile`);
  writeFileSync(path, JSON.stringify(profile));
  return path;
}

/** By self time; idle time is not counted among them and told apart. */
export function topFunctions(
  profile: CpuProfile,
  count: number,
): { readonly busy: number; readonly top: readonly TopFunction[] } {
  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  let all = 0;
  profile.samples.forEach((id, index) => {
    const name = names.get(id) ?? '';
    const time = profile.timeDeltas[index] ?? 0;
    all += time;
    times.set(name, (times.get(name) ?? 0) + time);
  });
  const idle = times.get('(idle)') ?? 0;
  times.delete('(idle)');
  const top = [...times].sort(([, left], [, right]) => right - left).slice(0, count);
  return { busy: 1 - idle / all, top: top.map(([name, time]) => ({ name, share: time / all })) };
}

function nameOf({ functionName, url, lineNumber }: ProfileNode['callFrame']): string {
  if (url === '') return functionName;
  const file = url.replace(/^.*\/(node_modules|dist)\//, '');
  return `${functionName === '' ? '(anonymous)' : functionName}  ${file}:${String(lineNumber + 1)}`;
}
