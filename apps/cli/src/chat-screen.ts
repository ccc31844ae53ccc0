import { clearScreenDown, createInterface, cursorTo, moveCursor, type Interface } from 'node:readline';
import type { Output } from './output.js';
import type { World } from './world.js';

/** Where a chat shows lines and gets them from. */
export interface ChatScreen {
  show(line: string): void;
  lines(): AsyncIterable<string>;
  prompt(text: string): void;
  close(): void;
}

export function chatScreen(world: World): ChatScreen {
  const terminal = world.input.isTTY === true && world.out.terminal;
  return terminal ? new TerminalScreen(world) : new PlainScreen(world);
}

/** Each line as it is, nothing else: for pipes and files. */
class PlainScreen implements ChatScreen {
  private readonly reader: Interface;
  private readonly out: Output;

  constructor({ input, out, interrupted }: World) {
    this.out = out;
    this.reader = createInterface({ input, terminal: false });
    interrupted.addEventListener('abort', () => {
      this.reader.close();
    });
  }

  show(line: string): void {
    this.out.line(line);
  }

  lines(): AsyncIterable<string> {
    return this.reader;
  }

  prompt(): void {
    // A pipe is not asked.
  }

  close(): void {
    this.reader.close();
  }
}

/** A line that is being typed stays below everything that is shown: it is taken away and drawn again. */
class TerminalScreen implements ChatScreen {
  private readonly reader: Interface;
  private readonly out: Output;
  private ended = false;

  constructor({ input, out, interrupted }: World) {
    this.out = out;
    this.reader = createInterface({ input, output: process.stdout, terminal: true, prompt: '' });
    this.reader.on('SIGINT', () => {
      this.close();
    });
    this.reader.on('close', () => {
      this.ended = true;
      this.out.line();
    });
    interrupted.addEventListener('abort', () => {
      this.close();
    });
  }

  show(line: string): void {
    if (!this.ended) {
      moveCursor(process.stdout, 0, -this.reader.getCursorPos().rows);
      cursorTo(process.stdout, 0);
      clearScreenDown(process.stdout);
    }
    this.out.line(line);
    if (!this.ended) this.reader.prompt(true);
  }

  lines(): AsyncIterable<string> {
    return this.reader;
  }

  prompt(text: string): void {
    this.reader.setPrompt(text);
    if (!this.ended) this.reader.prompt(true);
  }

  close(): void {
    this.reader.close();
  }
}
