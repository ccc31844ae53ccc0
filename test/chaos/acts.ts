import { setTimeout as sleep } from 'node:timers/promises';
import { mailboxOf, settled, verdictOf } from '../conformance/client/look.js';
import type { Stream } from '../conformance/client/stream.js';
import type { Tenant } from '../conformance/client/tenant.js';
import type { SendRequest } from '../conformance/client/wire.js';
import type { OwnInstallation } from '../conformance/own/installation.js';
import { withClient } from './database.js';
import type { Ledger } from './ledger.js';

const LETTERS = 3;
const TRIES = 3;
const PATIENCE = 6_000;
const ACKED_WITHIN = 400;
const TAKER = 'gateway-2';
const REVOKER = 'api';

/**
 * What clients do that has an exact outcome, done between the faults. One that cannot be brought to its end, because something is still
 * coming back, is not judged.
 */
export class Acts {
  /** How often each was brought to its end. */
  readonly judged = { displace: 0, revoke: 0 };

  constructor(
    private readonly tenant: Tenant,
    private readonly control: Pick<OwnInstallation, 'act' | 'databaseUrl'>,
    private readonly ledger: Ledger,
  ) {}

  /** An ack on a connection whose mailbox another connection has taken settles nothing, also where nobody has said so yet (D15). */
  async displace(): Promise<void> {
    await this.untilJudged('displace', TAKER, async () => this.takeAndAck());
  }

  private async takeAndAck(): Promise<void> {
    const [mover, sender] = await this.tenant.two();
    const older = await mover.phone.connect(0);
    for (let letter = 0; letter < LETTERS; letter += 1)
      await sender.phone.post(sender.phone.letter([mover], `move ${letter}`));
    await older.receive(LETTERS, PATIENCE);
    const newer = await mover.phone.connect(1);
    await newer.next('ready', PATIENCE);
    if (!older.isOpen) return;
    older.ackThrough(older.mail.at(-1)!);
    await sleep(ACKED_WITHIN);
    newer.cut();
    const { mail } = await mailboxOf(mover.phone, 0);
    if (mail.length < LETTERS)
      this.ledger.report(
        'rule',
        `an ack on a displaced connection of account ${mover.id} removed ${LETTERS - mail.length} envelopes`,
        Date.now(),
      );
    older.cut();
    this.judged.displace += 1;
  }

  /**
   * What a device begins to send after its revocation was answered is not accepted, also by a gateway that could not hear of it (D17).
   * One of the two is a control message: with that nothing but the sender's own row says that it is gone.
   */
  async revoke(): Promise<void> {
    await this.untilJudged('revoke', REVOKER, async () => this.sendOn());
  }

  private async sendOn(): Promise<void> {
    const [churn, other] = await this.tenant.two();
    const device = await churn.link();
    const stream = await device.connect(1);
    await stream.next('ready', PATIENCE);
    const requests = (): readonly SendRequest[] => [
      device.request([device.select(other, [other.phone], 'control')]),
      device.letter([other], 'letter'),
    ];
    for (const request of requests()) await stream.send(request);
    // As they were before the revocation, or they would leave out what makes them wrong.
    const late = requests();
    await this.control.act('pause', TAKER);
    const answer = await settled(churn.revoke(device));
    const revokedAt = Date.now();
    const judging = withClient(this.control.databaseUrl, async (client) => {
      // Or the socket would be closed before the sends are looked at.
      await client.query('begin; lock table control in access exclusive mode');
      const sends = late.map((request) => stream.begin(request));
      await this.control.act('resume', TAKER);
      if (!(answer instanceof Error) && answer.status === 200) await this.judgeSends({ stream, sends, revokedAt });
    });
    await judging.finally(async () => this.control.act('resume', TAKER));
    stream.cut();
  }

  private async judgeSends({
    stream,
    sends,
    revokedAt,
  }: {
    readonly stream: Stream;
    readonly sends: readonly number[];
    readonly revokedAt: number;
  }): Promise<void> {
    for (const id of sends) {
      const verdict = await settled(stream.answer(id));
      if (verdict instanceof Error) return;
      this.judged.revoke += 1;
      if (verdictOf(verdict) === 'accepted')
        this.ledger.report('rule', 'a device sent after its revocation', revokedAt, Date.now());
    }
  }

  /** `silent`: this process does it, and its news of it is lost, so that nobody is warned. */
  private async untilJudged(act: keyof Acts['judged'], silent: string, work: () => Promise<void>): Promise<void> {
    const before = this.judged[act];
    await this.control.act('hold', silent);
    for (let tries = 0; tries < TRIES && this.judged[act] === before; tries += 1) await settled(work());
    await this.control.act('drop');
    await this.control.act('release', silent);
  }
}
