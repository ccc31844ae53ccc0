import type { IncomingMessage } from 'node:http';
import type { Control } from '../../../libs/auth/control.js';
import type { Tokens } from '../../../libs/auth/tokens.js';
import type { Guards } from '../../../libs/mailbox/guards.js';
import type { Gate } from '../../../libs/auth/gate.js';
import { accessTokenOf } from '../../../libs/serving/bearer.js';
import type { Proxies } from '../../../libs/serving/network.js';
import { LIMITS } from '../../../libs/protocol/limits.js';
import type { Problem, ProblemCode } from '../../../libs/protocol/problems.js';
import type { Db } from '../../../libs/platform/postgres.js';
import type { Admission } from './frame.adapter.js';
import type { Door } from './gateway.js';

const FAILURES: ReadonlySet<ProblemCode> = new Set(['unauthenticated', 'proof_invalid']);

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
      readonly gate: Gate;
      readonly proxies: Proxies;
      /** Public URL of the gateway, as clients put it into proofs. */
      readonly publicUrl: string;
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

  /**
   * Nobody has proved anything: closed to a network that has failed too often, and while that cannot be counted. Each costs a session, so a
   * network has only so many; the place is free again when the connection is closed.
   */
  private async admitLink(request: IncomingMessage): Promise<Admission<Door>> {
    const { gate, proxies } = this.parts;
    const from = proxies.networkOf(request);
    const held = await gate.enter(from);
    if (held !== undefined) return refusedFor(held);
    // Who has hung up meanwhile is closed already: nothing would give its place back.
    if (request.socket.destroyed) return refused('unavailable', 'the connection is closed');
    const open = this.linking.get(from) ?? 0;
    if (open >= LIMITS.linksPerNetwork)
      return refused('limited', 'too many devices are being linked from this network');
    this.linking.set(from, open + 1);
    request.socket.once('close', () => {
      const left = (this.linking.get(from) ?? 1) - 1;
      if (left === 0) this.linking.delete(from);
      else this.linking.set(from, left);
    });
    return { kind: 'admitted', context: { kind: 'link', from } };
  }

  private async admitDevice(request: IncomingMessage): Promise<Admission<Door>> {
    const { tokens, control, guards, gate, proxies, publicUrl } = this.parts;
    const url = `${publicUrl.replace(/^ws/, 'http').replace(/\/+$/, '')}/v1/stream`;
    const shown = accessTokenOf(request.headers, { method: 'GET', url });
    if (shown === undefined) return refused('unauthenticated', 'an access token is needed in the Authorization header');
    const verdict = await tokens.verify(shown.token, shown.proof);
    if (verdict.kind === 'problem')
      return refusedFor(
        FAILURES.has(verdict.code) ? await gate.failedAs(verdict, proxies.networkOf(request)) : verdict,
      );
    const { caller } = verdict;
    if (control.isSuspended(caller.deviceId)) return refused('account_suspended', 'until the suspension is lifted');
    const place = control.isRevoked(caller.deviceId) ? undefined : await guards.placeOf(this.db, caller.deviceId);
    if (place === undefined) return refused('unauthenticated', 'the device has been revoked');
    const counted = await gate.connect(caller);
    if (counted.kind === 'problem') return refusedFor(counted);
    return {
      kind: 'admitted',
      context: { kind: 'stream', caller, mailboxNo: place.mailboxNo },
    };
  }
}

function refusedFor({ code, detail, retryAfterMs }: Problem): Admission<Door> {
  return { kind: 'refused', code, detail, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

function refused(
  code: 'not_found' | 'limited' | 'unavailable' | 'account_suspended' | 'unauthenticated' | 'not_allowed',
  detail: string,
): Admission<Door> {
  return { kind: 'refused', code, detail };
}
