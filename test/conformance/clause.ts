import { isDeepStrictEqual, inspect } from 'node:util';
import type { Control } from './control/control.js';
import { Tenant, type Place, type PolicyValues } from './client/tenant.js';

/** B: the public API of a running installation. N: two gateways. P: control over the processes. */
export type Mark = 'B' | 'N' | 'P';

/** One clause of the delivery contract: its sentences, and the parts that show whether they are true. */
export interface Clause {
  readonly id: string;
  readonly title: string;
  /** The contract's own words. */
  readonly says: readonly string[];
  readonly parts: readonly Part[];
}

export interface Part {
  readonly mark: Mark;
  readonly name: string;
  /** It measures time: nothing else that asks runs beside it. What kills (P) runs alone in its installation, always. */
  readonly alone?: boolean;
  /** It mostly waits: begun first, beside everything that asks. */
  readonly slow?: boolean;
  readonly run: (trial: Trial) => Promise<void>;
}

export interface Check {
  readonly expected: string;
  readonly seen: string;
  readonly ok: boolean;
}

export interface PartResult {
  readonly clause: string;
  readonly mark: Mark;
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'not run';
  readonly checks: readonly Check[];
  /** In one line: what went wrong, what was missing, or what was seen. */
  readonly seen: string;
  readonly seconds: number;
}

/** Of an assertion: whether what is expected is so. */
type Holds = boolean;

/** The run lacks the means for this part: a second gateway, a control command, a verb of it. Never a fault of the installation. */
export class NotRun extends Error {
  override readonly name = 'NotRun';
}

/** What a part is given: tenants of its own, the means of this run, and a place to say what it expected and saw. */
export class Trial {
  readonly checks: Check[] = [];
  readonly notes: string[] = [];
  private readonly tenants: Tenant[] = [];

  constructor(
    readonly place: Place,
    private readonly means: { readonly control: Control | undefined; readonly oneProcess: boolean },
  ) {}

  async tenant(policy?: Partial<PolicyValues>): Promise<Tenant> {
    const tenant = await Tenant.create(this.place, policy);
    this.tenants.push(tenant);
    return tenant;
  }

  /** Indexes of two gateways. An installation in one process is its own second node. */
  twoNodes(): readonly [number, number] {
    if (this.place.gateways.length > 1) return [0, 1];
    if (!this.means.oneProcess) throw new NotRun('needs a second gateway: --ws2');
    this.saw('one node');
    return [0, 0];
  }

  get control(): Control {
    if (this.means.control === undefined) throw new NotRun('needs control over the processes: --control');
    return this.means.control;
  }

  /** Goes on when it is not so: a clause shows everything that is wrong at once. */
  equal(expected: string, seen: unknown, wanted: unknown): void {
    const ok = isDeepStrictEqual(seen, wanted);
    this.checks.push({ expected, seen: ok ? brief(seen) : `${brief(seen)} in place of ${brief(wanted)}`, ok });
  }

  that(expected: string, ok: Holds, seen: unknown): void {
    this.checks.push({ expected, seen: brief(seen), ok });
  }

  /** A fact for the table. */
  saw(fact: string): void {
    if (!this.notes.includes(fact)) this.notes.push(fact);
  }

  close(): void {
    for (const tenant of this.tenants) tenant.close();
  }
}

function brief(value: unknown): string {
  const text =
    typeof value === 'string' ? value : inspect(value, { depth: 4, breakLength: Infinity, maxArrayLength: 8 });
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 240 ? `${line.slice(0, 240)}…` : line;
}
