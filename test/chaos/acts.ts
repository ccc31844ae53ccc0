import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from '../conformance/client/account.js';
import type { Device } from '../conformance/client/device.js';
import { mailboxOf, settled, verdictOf } from '../conformance/client/look.js';
import type { Stream } from '../conformance/client/stream.js';
import type { Tenant } from '../conformance/client/tenant.js';
import type { Control } from '../conformance/control/control.js';
import type { Ledger } from './ledger.js';

const LETTERS = 3;
const TRIES = 3;
const PATIENCE = 6_000;
const ACKED_WITHIN = 400;
const SENDS_ON_FOR = 900;
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
    private readonly control: Pick<Control, 'act'>,
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

  /** Nothing that a device begins to send after its revocation was answered is accepted, whoever it is for (D17). */
  async revoke(): Promise<void> {
    await this.untilJudged('revoke', REVOKER, async () => this.sendOn());
  }

  private async sendOn(): Promise<void> {
    const [churn, other] = await this.tenant.two();
    const device = await churn.link();
    const stream = await device.connect(1);
    await stream.next('ready', PATIENCE);
    const revoked = { at: Infinity };
    const writing = this.writeOn(stream, { device, other, revoked });
    await sleep(200);
    const answer = await churn.revoke(device);
    if (answer.status === 200) revoked.at = Date.now();
    if ((await writing) > 0) this.judged.revoke += 1;
    stream.cut();
  }

  /**
   * Answers how many sends were judged. Letters, and control messages to one device: with those nothing but the sender's own row says
   * that it is gone.
   */
  private async writeOn(
    stream: Stream,
    { device, other, revoked }: { readonly device: Device; readonly other: Account; readonly revoked: { at: number } },
  ): Promise<number> {
    let judged = 0;
    for (const end = Date.now() + 10_000; stream.isOpen && Date.now() < Math.min(end, revoked.at + SENDS_ON_FOR);) {
      const isAfter = revoked.at < Date.now();
      const control = device.request([device.select(other, [other.phone], 'control')]);
      for (const request of [control, device.letter([other], 'letter')]) {
        const answer = await settled(stream.send(request));
        if (!isAfter || answer instanceof Error) continue;
        judged += 1;
        if (verdictOf(answer) === 'accepted')
          this.ledger.report('rule', `device ${device.id} sent after its revocation`, revoked.at, Date.now());
      }
      await sleep(5);
    }
    return judged;
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
