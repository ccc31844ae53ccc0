import type { Logger } from '../platform/log.js';
import type { Doorbell } from '../realtime/doorbell.js';
import type { LinkingSessions } from '../realtime/linking-session.js';
import type { NodeLease } from '../realtime/node-lease.js';
import type { NodeLink } from '../realtime/node-link.js';
import type { Drain } from './drain.js';
import { EPHEMERAL, type Ephemerals } from './ephemerals.js';
import type { LongPolls } from './polls.js';

export interface NodeParts {
  readonly lease: NodeLease;
  readonly doorbell: Doorbell;
  readonly drain: Drain;
  readonly polls: LongPolls;
  readonly ephemerals: Ephemerals;
  readonly sessions: LinkingSessions;
  /** Absent where there is only one process. */
  readonly link: NodeLink | undefined;
}

/** A process that holds streams: it has a number under a lease, hears its doorbell, and is reached by the others over the node link. */
export class Node {
  private address: string | undefined;

  constructor(
    private readonly parts: NodeParts,
    private readonly listenOn: { readonly host: string; readonly port: number },
    private readonly log: Logger,
  ) {}

  async start(): Promise<void> {
    const { link, lease } = this.parts;
    this.address = await link?.listen(this.listenOn);
    lease.onLost(() => void this.rejoin());
    await this.join();
  }

  async stop(): Promise<void> {
    const { lease, doorbell, drain, polls, sessions, link } = this.parts;
    sessions.stop();
    polls.stop();
    await drain.stop();
    await doorbell.stop();
    await link?.stop();
    await lease.leave();
  }

  private async join(): Promise<void> {
    const { lease, doorbell, drain, polls, ephemerals, link, sessions } = this.parts;
    const node = await lease.join(this.address);
    link?.start(node, (from, message) => {
      if (message[0] === EPHEMERAL) ephemerals.hear(message);
      else sessions.hear(from, message);
    });
    await doorbell.listen(node, (rings) => {
      drain.hear(rings);
      polls.hear(rings);
    });
    drain.start(node);
    polls.start(node);
    this.log.info({ node }, 'joined as a node');
  }

  /** Paused longer than the lease: another process may have the number now, so every stream begins anew under a new one. */
  private async rejoin(): Promise<void> {
    this.log.error('the node lease was lost; closing all streams and joining anew');
    this.parts.drain.endAll('unavailable');
    this.parts.polls.stop();
    try {
      await this.parts.doorbell.stop();
      await this.join();
    } catch (error) {
      this.log.error({ err: error }, 'could not join anew; trying again');
      setTimeout(() => void this.rejoin(), 1_000).unref();
    }
  }
}
