import type { WebSocket } from 'ws';
import { CLOSE_CODES, type CloseName } from '../../../libs/protocol/close-codes.js';

/** How long a peer may take to answer a close frame before the socket is cut. */
const GRACE = 2_000;

/** Ends a socket by the table of close codes; `detail` is for people reading a trace and carries nothing of the content. */
export function closeSocket(socket: WebSocket, name: CloseName, detail: string = name): void {
  if (socket.readyState !== socket.OPEN && socket.readyState !== socket.CONNECTING) return;
  socket.close(CLOSE_CODES[name].code, detail.slice(0, 100));
  setTimeout(() => {
    socket.terminate();
  }, GRACE).unref();
}

/** A node that goes away spreads the return of its clients over ten seconds. */
export function closeForRestart(socket: WebSocket, random: number): void {
  closeSocket(socket, 'restarting', `restarting ${String(Math.floor(random * 10_000))}`);
}
