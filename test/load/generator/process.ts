import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Generator } from './generator.js';

export type OrderName = Exclude<
  { [Name in keyof Generator]: Generator[Name] extends (...args: never) => unknown ? Name : never }[keyof Generator],
  undefined
>;

export interface Order {
  readonly no: number;
  readonly name: OrderName;
  readonly args: unknown;
}

type Result<Name extends OrderName> = Awaited<ReturnType<Generator[Name]>>;

interface Reply {
  readonly no: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** The generator, as the runner has it: a process of its own, so that what it costs is known and is nobody else's. */
export class GeneratorProcess {
  private readonly waiting = new Map<
    number,
    { readonly resolve: (result: never) => void; readonly reject: (error: Error) => void }
  >();
  private lastNo = 0;
  /** What it said on stderr. */
  log = '';

  private constructor(private readonly child: ChildProcess) {
    child.stderr?.on('data', (data: Buffer) => (this.log += data.toString()));
    child.on('message', ({ no, result, error }: Reply) => {
      const order = this.waiting.get(no);
      this.waiting.delete(no);
      if (error === undefined) order?.resolve(result as never);
      else order?.reject(new Error(`the generator: ${error}`));
    });
    child.once('exit', (code, signal) => {
      for (const { reject } of this.waiting.values())
        reject(new Error(`the generator ended with ${String(code ?? signal)}`));
    });
  }

  static start(
    place: { readonly api: string; readonly gatewayUrl: string },
    execArgv: readonly string[],
  ): GeneratorProcess {
    const child = fork(join(import.meta.dirname, 'main.js'), [JSON.stringify(place)], {
      execArgv: [...execArgv],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    return new GeneratorProcess(child);
  }

  async order<Name extends OrderName>(name: Name, args: Parameters<Generator[Name]>[0]): Promise<Result<Name>> {
    this.lastNo += 1;
    const no = this.lastNo;
    return new Promise<Result<Name>>((resolve, reject) => {
      this.waiting.set(no, { resolve, reject });
      this.child.send({ no, name, args });
    });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.disconnect();
    await gone;
  }
}
