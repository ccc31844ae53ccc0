/**
 * Every way the server ends a WebSocket (RFC 6455 section 7.4.2 leaves 4000-4999 to applications).
 * 4000-4399: connect again, with backoff. 4400-4999: do not, until something has changed.
 * `1009` (frame over 1 MiB), `1003` (text frame) and `1006` (network) come from the WebSocket layer.
 */
export const CLOSE_CODES = {
  restarting: {
    code: 4000,
    reconnect: true,
    meaning: 'The node is going away. The reason carries the delay: `restarting 3500` (milliseconds).',
  },
  lifetime: { code: 4001, reconnect: true, meaning: 'A socket lives at most 24 hours.' },
  silent: { code: 4002, reconnect: true, meaning: 'No pong for 60 seconds.' },
  internal: { code: 4003, reconnect: true, meaning: 'A fault of the server. What was not acked comes again.' },
  unavailable: { code: 4004, reconnect: true, meaning: 'The database cannot be reached.' },
  suspended: {
    code: 4005,
    reconnect: true,
    meaning: 'The account is suspended. Tokens are refused until that is lifted.',
  },
  malformed: { code: 4400, reconnect: false, meaning: 'A frame that is not of `sotto.v1`. A bug of the client.' },
  revoked: { code: 4403, reconnect: false, meaning: 'The device was revoked or the account closed.' },
  displaced: { code: 4409, reconnect: false, meaning: 'A newer connection of the same device took the stream.' },
  link_ended: {
    code: 4410,
    reconnect: false,
    meaning: 'The linking session is over: done, refused, expired or not known.',
  },
} as const;

export type CloseName = keyof typeof CLOSE_CODES;

/** Whether a client should come back by itself after this code; unknown codes of the transport mean yes. */
export function mayReconnect(code: number): boolean {
  return code < 4400 && code !== 1003 && code !== 1009;
}
