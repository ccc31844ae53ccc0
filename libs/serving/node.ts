import type { Provider } from '@nestjs/common';
import { Drain } from '../messaging/drain.js';
import { Ephemerals } from '../messaging/ephemerals.js';
import { Node } from '../messaging/node.js';
import { LongPolls } from '../messaging/polls.js';
import type { Logger } from '../platform/log.js';
import { Metrics } from '../platform/metrics.js';
import { LOG, REDIS } from '../platform/platform.module.js';
import type { RedisLink } from '../platform/redis.js';
import { Doorbell } from '../realtime/doorbell.js';
import { LinkingSessions } from '../realtime/linking-session.js';
import { NodeLease } from '../realtime/node-lease.js';
import { NodeLink } from '../realtime/node-link.js';

const STREAMS = Symbol('Streams');

/** For every process that holds streams or takes sends; `linkHost` and `linkPort`: where other nodes reach this one. */
export function nodeProviders(config: { readonly linkHost: string; readonly linkPort: number }): Provider[] {
  return [
    {
      provide: STREAMS,
      useFactory: (drain: Drain, polls: LongPolls, ephemerals: Ephemerals, metrics: Metrics) => {
        metrics.sampled({ name: 'streams', help: 'Streams that this node holds open on sockets' }, () => drain.size);
        metrics.sampled({ name: 'long_polls', help: 'Streams that this node holds for long-polls' }, () => polls.size);
        return { drain, polls, ephemerals };
      },
      inject: [Drain, LongPolls, Ephemerals, Metrics],
    },
    {
      provide: Node,
      // One process needs no link: nobody else holds its sessions.
      useFactory: (
        streams: { readonly drain: Drain; readonly polls: LongPolls; readonly ephemerals: Ephemerals },
        lease: NodeLease,
        doorbell: Doorbell,
        sessions: LinkingSessions,
        peers: NodeLink,
        redis: RedisLink | undefined,
        log: Logger,
      ) => {
        const link = redis === undefined ? undefined : peers;
        const listenOn = { host: config.linkHost, port: config.linkPort };
        return new Node({ ...streams, lease, doorbell, sessions, link }, listenOn, log);
      },
      inject: [STREAMS, NodeLease, Doorbell, LinkingSessions, NodeLink, REDIS, LOG],
    },
  ];
}
