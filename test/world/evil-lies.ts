import { decodeDeviceChain, encodeDeviceChain, type DeviceChain } from '../../libs/protocol/chain-wire.js';
import type { SignedList } from '../../libs/protocol/device-chain.js';
import { decodeDeviceList, type DeviceEntry, type DeviceList } from '../../libs/protocol/device-list.js';
import type { Mismatch, MismatchedAccount } from '../../libs/protocol/frames.js';
import type { AccountId, DeviceId, ListVersion } from '../../libs/protocol/ids.js';
import {
  decodePrekeyBundles,
  encodePrekeyBundles,
  type PrekeyBundle,
  type PrekeyBundles,
} from '../../libs/protocol/prekeys.js';
import { problem, PROBLEMS, type ProblemCode } from '../../libs/protocol/problems.js';
import { nextList } from '../../libs/signal/testing.js';
import type { Lies, Reply } from './evil.js';

/** Changes what is served as the lists of an account, wherever they are asked for. */
export function chainOf(accountId: AccountId, change: (chain: DeviceChain) => DeviceChain): Lies {
  return {
    rest: ({ method, path }, honest) =>
      method === 'GET' && path.startsWith(`/v1/accounts/${accountId}/devices`)
        ? honest().then((reply) =>
            rewritten(reply, (body) => encodeDeviceChain(change(decoded(decodeDeviceChain(body))))),
          )
        : undefined,
  };
}

/** Changes the bundles of an account, those that come with a mismatch too. */
export function bundlesOf(accountId: AccountId, change: (bundles: PrekeyBundles) => PrekeyBundles): Lies {
  return {
    rest: ({ path }, honest) =>
      path === `/v1/accounts/${accountId}/bundles`
        ? honest().then((reply) =>
            rewritten(reply, (body) => encodePrekeyBundles(change(decoded(decodePrekeyBundles(body))))),
          )
        : undefined,
    down: (frame) => {
      if (frame.kind !== 'answer' || frame.outcome.kind !== 'mismatch') return [frame];
      const bundles = frame.outcome.bundles.map((each) => (each.accountId === accountId ? change(each) : each));
      return [{ ...frame, outcome: { ...frame.outcome, bundles } }];
    },
  };
}

export function eachBundle(change: (bundle: PrekeyBundle) => PrekeyBundle): (bundles: PrekeyBundles) => PrekeyBundles {
  return (bundles) => ({ ...bundles, bundles: bundles.bundles.map(change) });
}

/** Answers the sends of a device itself, with this; nothing reaches the real server. */
export function refuseSends(by: DeviceId, mismatched: Partial<MismatchedAccount>, more: Partial<Mismatch> = {}): Lies {
  return {
    up: (frame, tap) => {
      if (frame.kind !== 'send' || tap.deviceId !== by) return [frame];
      const accountId = frame.request.recipients[0]?.accountId as AccountId;
      const about = { accountId, listVersion: 99 as ListVersion, missing: [], extra: [], stale: [], ...mismatched };
      const outcome = { kind: 'mismatch', mismatched: [about], unknown: [], closed: [], bundles: [], ...more } as const;
      tap.toClient({ kind: 'answer', id: frame.id, outcome });
      return [];
    },
  };
}

/** Says that it took what it did not even pass on. */
export function swallowSends(by: DeviceId): Lies {
  return {
    up: (frame, tap) => {
      if (frame.kind !== 'send' || tap.deviceId !== by) return [frame];
      tap.toClient({ kind: 'answer', id: frame.id, outcome: { kind: 'accepted', acceptedAt: Date.now() } });
      return [];
    },
  };
}

/** Answers every request whose `METHOD /path` matches with this problem. */
export function refuseRequests(of: RegExp, code: ProblemCode, more: { readonly retryAfterMs?: number } = {}): Lies {
  return {
    rest: ({ method, path }) => {
      if (!of.test(`${method} ${path}`)) return undefined;
      const { status, title } = PROBLEMS[code];
      const { detail } = problem(code, 'because I say so');
      return Promise.resolve(jsonReply(status, { type: 'about:blank', title, status, code, detail, ...more }));
    },
  };
}

/** Changes a JSON answer. */
export function answerOf(route: string, change: (body: Record<string, unknown>) => Record<string, unknown>): Lies {
  return {
    rest: ({ method, path }, honest) =>
      `${method} ${path}` === route
        ? honest().then((reply) =>
            jsonReply(reply.status, change(JSON.parse(Buffer.from(reply.body).toString()) as Record<string, unknown>)),
          )
        : undefined,
  };
}

/** One more list behind the last one, with these entries beside the old ones; `sign` says under which signature. */
export function injected(entries: readonly DeviceEntry[], sign: (list: DeviceList) => SignedList) {
  return (chain: DeviceChain): DeviceChain => {
    const last = lastList(chain);
    const list = nextList(last, [...last.entries, ...entries].toSorted(byId));
    return { ...chain, listVersion: (chain.listVersion + 1) as ListVersion, lists: [...chain.lists, sign(list)] };
  };
}

/** As it stood at this list version: later lists and tombstones are kept back. */
export function withheld(listVersion: number, lists: number) {
  return (chain: DeviceChain): DeviceChain => ({
    ...chain,
    listVersion: listVersion as ListVersion,
    lists: chain.lists.filter(({ bytes }) => (decodeDeviceList(bytes)?.version ?? 0) <= lists),
    tombstones: [],
  });
}

export function lastList(chain: DeviceChain): DeviceList {
  return decoded(decodeDeviceList(chain.lists.at(-1)?.bytes ?? new Uint8Array()));
}

function byId(left: DeviceEntry, right: DeviceEntry): number {
  return left.deviceId < right.deviceId ? -1 : 1;
}

function rewritten(reply: Reply, change: (body: Uint8Array) => Uint8Array): Reply {
  return reply.status >= 300 ? reply : { ...reply, body: change(reply.body) };
}

function jsonReply(status: number, body: object): Reply {
  const type = status < 300 ? 'application/json' : 'application/problem+json';
  return { status, type, body: Buffer.from(JSON.stringify(body)) };
}

function decoded<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the real server said something that does not decode');
  return value;
}
