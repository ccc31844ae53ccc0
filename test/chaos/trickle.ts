import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Device } from '../conformance/client/device.js';
import { proof } from '../conformance/client/keys.js';

const BYTE_EVERY = 1_000;
/** So much is read at once: whether the token is refused. */
const STATUS = 'HTTP/1.1 101';

/**
 * A connection that takes one byte a second from the network and not more, so that everything else stays in the kernel's buffers and then in
 * the gateway's. No WebSocket library reads like that: the upgrade is written by hand, and of what comes back nothing is understood.
 */
export async function trickle(device: Device, node: number, goesOn: () => boolean): Promise<void> {
  const { gateways, gateway } = device.account.tenant.place;
  const { hostname: host, port } = new URL(gateways[node] ?? '');
  const token = await device.token();
  const url = `${gateway.replace(/^ws/, 'http')}/v1/stream`;
  const upgrade = [
    'GET /v1/stream HTTP/1.1',
    `Host: ${host}:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    'Sec-WebSocket-Protocol: sotto.v1',
    `Authorization: DPoP ${token}`,
    `DPoP: ${proof(device.keys, { method: 'GET', url, token })}`,
  ];
  let status = '';
  const takeOne = (_: number, [byte = 0]: Uint8Array): boolean => {
    const isStatus = status.length < STATUS.length;
    if (isStatus) status += String.fromCharCode(byte);
    return isStatus;
  };
  const socket = connect({ host, port: Number(port), onread: { buffer: Buffer.alloc(1), callback: takeOne } });
  socket.on('error', () => undefined);
  try {
    socket.write(`${upgrade.join('\r\n')}\r\n\r\n`);
    while (goesOn() && !socket.destroyed) {
      await sleep(BYTE_EVERY);
      socket.resume();
    }
    if (status !== STATUS) device.forgetToken();
  } finally {
    socket.destroy();
  }
}
