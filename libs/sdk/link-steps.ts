import type { LinkEnd, LinkStep } from '../protocol/link-frames.js';
import { SottoError, type SottoErrorCode } from './errors.js';

const QUEUE_LIMIT = 16;

const ENDED: Readonly<Record<LinkEnd, SottoErrorCode>> = {
  expired: 'link_expired',
  taken: 'link_taken',
  off: 'link_off',
  unknown: 'link_ended',
  left: 'link_ended',
  refused: 'link_ended',
};

type StepOf<Name extends LinkStep['step']> = Extract<LinkStep, { readonly step: Name }>;

/** The steps of one linking session in the order they came. Waiting for one and getting another ends the session: nobody skips a step. */
export class LinkSteps {
  private readonly arrived: LinkStep[] = [];
  private waiting: PromiseWithResolvers<LinkStep> | undefined;
  private failure: SottoError | undefined;

  push(step: LinkStep): void {
    if (step.step === 'ended') this.fail(new SottoError(ENDED[step.reason], { detail: step.reason }));
    else if (this.waiting !== undefined) {
      const { resolve } = this.waiting;
      this.waiting = undefined;
      resolve(step);
    } else if (this.arrived.length < QUEUE_LIMIT) this.arrived.push(step);
    else this.fail(new SottoError('link_not_authentic', { detail: 'too many messages' }));
  }

  /** What already came is still read; then every wait throws this. */
  fail(error: SottoError): void {
    this.failure ??= error;
    this.waiting?.reject(this.failure);
    this.waiting = undefined;
  }

  async expect<Name extends LinkStep['step']>(name: Name): Promise<StepOf<Name>> {
    const step = this.arrived.shift() ?? (await this.next());
    if (step.step !== name) throw new SottoError('link_not_authentic', { detail: `${step.step} instead of ${name}` });
    return step as StepOf<Name>;
  }

  private next(): Promise<LinkStep> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    this.waiting = Promise.withResolvers();
    return this.waiting.promise;
  }
}
