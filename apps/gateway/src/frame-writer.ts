import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** A WebSocket, and the stream of bytes under it. */
export interface Line {
  readonly socket: WebSocket;
  readonly wire: Duplex;
}

/**
 * Writes frames. Those of one turn of the event loop leave together: a call of the system costs more than all that leads to it, and whoever
 * has several requests under way gets several answers from one commit.
 */
export class FrameWriter {
  private gathering = false;

  constructor(
    private readonly line: Line,
    /** A frame was handed to the system, or the socket has ended. */
    private readonly onWritten: () => void,
  ) {}

  write(frame: Uint8Array): void {
    if (!this.gathering) {
      this.gathering = true;
      this.line.wire.cork();
      process.nextTick(letGo, this);
    }
    this.line.socket.send(frame, this.onWritten);
  }

  letGo(): void {
    this.gathering = false;
    this.line.wire.uncork();
  }
}

/** Behind everything that the turn has to say: promises that are settled run before. */
function letGo(writer: FrameWriter): void {
  writer.letGo();
}
