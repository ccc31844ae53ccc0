import type { Random } from './random.js';

/** What is done to the installation, and to whom. */
export const KINDS = [
  'backup',
  'kill',
  'blackout',
  'freeze',
  'sleep',
  'drop',
  'delay',
  'drop-link',
  'delay-link',
  'roll',
  'lock',
  'snapshot',
  'connections',
  'fill',
  'displace',
  'revoke',
  'restore',
] as const;
export type Kind = (typeof KINDS)[number];

export interface Fault {
  readonly kind: Kind;
  readonly target: string;
  /** Milliseconds of quiet before it. */
  readonly after: number;
  /** Milliseconds for which it lasts. */
  readonly lasts: number;
}

const GATEWAYS = ['gateway-1', 'gateway-2'];
const OWN = [...GATEWAYS, 'api', 'worker'];
const TARGETS: Readonly<Record<Kind, readonly string[]>> = {
  backup: ['postgres'],
  kill: [...OWN, ...GATEWAYS, 'postgres', 'redis'],
  blackout: ['everything'],
  freeze: OWN,
  sleep: GATEWAYS,
  drop: OWN,
  delay: OWN,
  'drop-link': GATEWAYS,
  'delay-link': GATEWAYS,
  roll: OWN,
  lock: ['postgres'],
  snapshot: ['postgres'],
  connections: ['postgres'],
  fill: ['postgres'],
  displace: ['clients'],
  revoke: ['clients'],
  restore: ['postgres'],
};
/** A lease has 15 s: who sleeps longer is taken for dead. */
const SLEEP = 17_000;
const KILLS_IN_ROUND = 8;

/** Begins with a backup, has every kind of fault in another order each time and kills in between, and ends with that backup put back. */
export function roundOf(random: Random): readonly Fault[] {
  const kills = Array.from({ length: KILLS_IN_ROUND }, (): Kind => 'kill');
  const victims = random.shuffled(TARGETS.kill);
  const others = KINDS.filter((kind) => !['kill', 'backup', 'restore'].includes(kind));
  const kinds = random.shuffled([...others, ...kills]);
  return ['backup' as const, ...kinds, 'restore' as const].map((kind): Fault => {
    const target = kind === 'kill' ? (victims.pop() ?? random.pick(TARGETS.kill)) : random.pick(TARGETS[kind]);
    const lasts = kind === 'sleep' ? SLEEP : random.between(200, 2_000);
    return { kind, target, after: random.between(100, 1_200), lasts };
  });
}
