import type { Metrics } from '../platform/metrics.js';
import type { AckVerdict } from '../mailbox/mailbox.js';
import type { NackVerdict } from '../mailbox/refusals.js';
import type { SendOutcome } from '../protocol/frames.js';
import type { NackReason } from '../protocol/mail.js';

/** One function for each outcome of the heart: what is counted stands here, out of the prose. No ids, so no pair of people can be told from it. */
export class MessagingEvents {
  private readonly sends;
  private readonly envelopes;
  private readonly acks;
  private readonly nacks;
  private readonly batch;

  constructor(metrics: Metrics) {
    this.sends = metrics.counter({ name: 'sends_total', help: 'Send requests by outcome', labelNames: ['outcome'] });
    this.envelopes = metrics.counter({ name: 'envelopes_stored_total', help: 'Envelopes committed' });
    this.acks = metrics.counter({
      name: 'envelopes_acked_total',
      help: 'Acknowledged envelopes by verdict',
      labelNames: ['verdict'],
    });
    this.nacks = metrics.counter({
      name: 'envelopes_refused_total',
      help: 'Envelopes that devices would not have, by verdict and reason',
      labelNames: ['verdict', 'reason'],
    });
    this.batch = metrics.histogram({
      name: 'send_batch_requests',
      help: 'Requests in one commit',
      buckets: [1, 2, 5, 10, 20, 50, 100, 200],
    });
  }

  sent(outcome: SendOutcome): void {
    this.sends.inc({ outcome: outcome.kind === 'problem' ? outcome.code : outcome.kind });
  }

  committed(requests: number, envelopes: number): void {
    this.batch.observe(requests);
    this.envelopes.inc(envelopes);
  }

  refused(verdict: NackVerdict, reason: NackReason): void {
    this.nacks.inc({ verdict, reason });
  }

  acked(verdict: AckVerdict, count: number): void {
    this.acks.inc({ verdict }, count);
  }
}
