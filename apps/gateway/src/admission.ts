import type { IncomingMessage } from 'node:http';
import type { Control } from '../../../libs/auth/control.js';
import type { Tokens } from '../../../libs/auth/tokens.js';
import type { Guards } from '../../../libs/mailbox/guards.js';
import type { Db } from '../../../libs/platform/postgres.js';
import type { Admission } from './frame.adapter.js';
import type { Door } from './gateway.js';

/** Decides over upgrades: `/v1/stream` for an access token of an active device, `/v1/link` for anybody. */
export class Admissions {
  private closed = false;

  constructor(
    private readonly db: Db,
    private readonly tokens: Tokens,
    private readonly control: Control,
    private readonly guards: Guards,
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
    return path === '/v1/link'
      ? { kind: 'admitted', context: { kind: 'link' } }
      : this.admitDevice(request.headers.authorization ?? '');
  }

  private async admitDevice(header: string): Promise<Admission<Door>> {
    if (!/^Bearer \S+$/i.test(header))
      return refused('unauthenticated', 'an access token is needed in the Authorization header');
    const verdict = await this.tokens.verify(header.slice('Bearer '.length));
    if (verdict.kind === 'problem') return { kind: 'refused', code: verdict.code, detail: verdict.detail };
    const { caller } = verdict;
    if (this.control.isSuspended(caller.deviceId))
      return refused('account_suspended', 'until the suspension is lifted');
    const place = this.control.isRevoked(caller.deviceId)
      ? undefined
      : await this.guards.placeOf(this.db, caller.deviceId);
    if (place === undefined) return refused('unauthenticated', 'the device has been revoked');
    return {
      kind: 'admitted',
      context: { kind: 'stream', caller, mailboxNo: place.mailboxNo },
    };
  }
}

function refused(
  code: 'not_found' | 'unavailable' | 'account_suspended' | 'unauthenticated' | 'not_allowed',
  detail: string,
): Admission<Door> {
  return { kind: 'refused', code, detail };
}
