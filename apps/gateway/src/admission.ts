import type { IncomingMessage } from 'node:http';
import type { Control } from '../../../libs/auth/control.js';
import type { Tokens } from '../../../libs/auth/tokens.js';
import type { Guards } from '../../../libs/mailbox/guards.js';
import { accessTokenOf } from '../../../libs/serving/bearer.js';
import { LIMITS } from '../../../libs/protocol/limits.js';
import { networkOf, type ClientAddresses } from '../../../libs/serving/client-address.js';
import type { Db } from '../../../libs/platform/postgres.js';
import type { Admission } from './frame.adapter.js';
import type { Door } from './gateway.js';

/** Decides over upgrades: `/v1/stream` for an access token of an active device, `/v1/link` for anybody. */
export class Admissions {
  private closed = false;
  /** Open sockets of devices that are about to be linked, by network. */
  private readonly linking = new Map<string, number>();

  constructor(
    private readonly db: Db,
    private readonly parts: {
      readonly tokens: Tokens;
      readonly control: Control;
      readonly guards: Guards;
      /** Public URL of the gateway, as clients put it into proofs. */
      readonly publicUrl: string;
      readonly addresses: ClientAddresses;
    },
  ) {}

  /** From now on every upgrade is refused: the process is going away. */
  close(): void {
    this.closed = true;
  }

  async admit(path: string, request: IncomingMessage): Promise<Admission<Door>> {
    if (path !== '/v1/stream' && path !== '/v1/link')
      return refused('not_found', 'WebSockets are served at /v1/stream and /v1/link');
    if (this.closed) return refused('unavailable', 'this node is going away; connect to another');
    // Browsers need a ticket of their own; a page must not use a person's token from elsewhere.
    if (request.headers.origin !== undefined)
      return refused('not_allowed', 'connections from web pages are not allowed here');
    return path === '/v1/link' ? this.admitLink(request) : this.admitDevice(request);
  }

  /** They prove nothing and cost a session, so a network has only so many; the place is free again when the connection is closed. */
  private admitLink(request: IncomingMessage): Admission<Door> {
    const { socket, headers } = request;
    const network = networkOf(this.parts.addresses.of(socket.remoteAddress, headers['x-forwarded-for']));
    const open = this.linking.get(network) ?? 0;
    if (open >= LIMITS.linksPerNetwork)
      return refused('limited', 'too many devices are being linked from this network');
    this.linking.set(network, open + 1);
    socket.once('close', () => {
      const left = (this.linking.get(network) ?? 1) - 1;
      if (left === 0) this.linking.delete(network);
      else this.linking.set(network, left);
    });
    return { kind: 'admitted', context: { kind: 'link' } };
  }

  private async admitDevice(request: IncomingMessage): Promise<Admission<Door>> {
    const { tokens, control, guards, publicUrl } = this.parts;
    const url = `${publicUrl.replace(/^ws/, 'http').replace(/\/+$/, '')}/v1/stream`;
    const shown = accessTokenOf(request.headers, { method: 'GET', url });
    if (shown === undefined) return refused('unauthenticated', 'an access token is needed in the Authorization header');
    const verdict = await tokens.verify(shown.token, shown.proof);
    if (verdict.kind === 'problem') return { kind: 'refused', code: verdict.code, detail: verdict.detail };
    const { caller } = verdict;
    if (control.isSuspended(caller.deviceId)) return refused('account_suspended', 'until the suspension is lifted');
    const place = control.isRevoked(caller.deviceId) ? undefined : await guards.placeOf(this.db, caller.deviceId);
    if (place === undefined) return refused('unauthenticated', 'the device has been revoked');
    return {
      kind: 'admitted',
      context: { kind: 'stream', caller, mailboxNo: place.mailboxNo },
    };
  }
}

function refused(
  code: 'not_found' | 'limited' | 'unavailable' | 'account_suspended' | 'unauthenticated' | 'not_allowed',
  detail: string,
): Admission<Door> {
  return { kind: 'refused', code, detail };
}
